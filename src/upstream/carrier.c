#include "base/base.h"

#include "upstream/carrier.h"

#include "upstream/loopback.h"
#include "upstream/twilio.h"

/* clang-format off */
const struct carrier_driver carrier_drivers[CARRIER_KIND_N] = {
	[CARRIER_LOOPBACK] = { loopback_send, loopback_look_up,
	    loopback_dial, loopback_find_call },
	[CARRIER_TWILIO] = { twilio_send, twilio_look_up,
	    twilio_dial, twilio_find_call },
};
/* clang-format on */
