#!/usr/bin/perl
# /v1/phone-numbers.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new;
my $numbers = '/v1/phone-numbers';
my $time = qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
my $carrier = $parley->carrier;
my $second = $parley->post('/v1/carriers', { kind => 'loopback',
    name => 'Second' })->data->{id};

# --- Add one.

my $answer = $parley->post($numbers, { phone_number => '+4915112345678',
    carrier_id => $carrier });
is($answer->status, 201, 'a number is added');
my $number = $answer->data;
like(delete $number->{created_at}, $time, 'at some time');
is_deeply($number, { phone_number => '+4915112345678', carrier_id => $carrier,
    channels => [ 'sms' ], label => undef,
    inbound_agent_version_id => undef, outbound_agent_version_id => undef },
    'for sms and without an agent, if nothing is said');
my $path = "$numbers/+4915112345678";
$number = $parley->get($path)->data;
is($number->{phone_number}, '+4915112345678', 'it is shown');
is($parley->get("$numbers/%2B4915112345678")->data->{phone_number},
    '+4915112345678', 'with the plus encoded too');
is($parley->create(agent_number => '+4915112345678')->status, 200,
    'and can be used');
my $other = $parley->post($numbers, { phone_number => '+15550000000',
    carrier_id => $second, channels => [ 'whatsapp', 'sms', 'sms' ],
    label => 'Sales' })->data;
is_deeply([ @$other{qw(channels label carrier_id)} ],
    [ [ 'sms', 'whatsapp' ], 'Sales', $second ],
    'with channels, a label and another carrier');
is(join(' ', map { $_->{phone_number} } @{ $parley->get($numbers)->data }),
    '+15550000000 +15550001111 +4915112345678', 'all are listed, in order');
is(join(' ', map { $_->{phone_number} } @{ $parley->get(
    '/v1/sms/numbers?channel=whatsapp')->data }),
    '+15550000000 +15550001111', 'on their channels');

# --- What is refused.

my $before = $parley->state;
my %good = (phone_number => '+15550000009', carrier_id => $carrier);
for ([ { phone_number => '15550000009' }, 'phone_number' ],
    [ { phone_number => undef }, 'phone_number' ],
    [ { phone_number => 15550000009 }, 'phone_number' ],
    [ { carrier_id => 'x' }, 'carrier_id' ],
    [ { carrier_id => undef }, 'carrier_id' ],
    [ { carrier_id => 1 }, 'carrier_id' ],
    [ { channels => [] }, 'channels' ], [ { channels => 'sms' }, 'channels' ],
    [ { channels => [ 'fax' ] }, 'channels' ],
    [ { channels => [ 1 ] }, 'channels/0' ],
    [ { channels => undef }, 'channels' ],
    [ { label => 1 }, 'label' ], [ { label => 'x' x 256 }, 'label' ]) {
	my ($bad, $field) = @$_;
	my $answer = $parley->post($numbers, { %good, %$bad });
	my $name = substr(JSON::PP->new->encode($bad), 0, 40);
	is($answer->status, 400, "$name: 400");
	is($answer->faults, "INVALID_PARAMETER /$field", "$name: it is named");
}
is($parley->post($numbers, {})->faults, 'MISSING_REQUIRED_FIELDS'
    . ' /phone_number, MISSING_REQUIRED_FIELDS /carrier_id',
    'number and carrier are required');
$answer = $parley->post($numbers, { %good, carrier_id =>
    '0190b0a0-0000-7000-8000-000000000001' });
is($answer->status, 404, 'an unknown carrier: 404');
is($answer->faults, 'CARRIER_NOT_FOUND /carrier_id', 'it is named');
$answer = $parley->post($numbers, { %good, phone_number =>
    $parley->number });
is($answer->status, 409, 'a number that is there already: 409');
is($answer->faults, 'PHONE_NUMBER_EXISTS /phone_number', 'it is named');
is($parley->state, $before, 'and nothing comes of those');

# --- Change it.

sub changed {
	my (%given) = @_;
	return $parley->patch($path, \%given);
}
is(changed(label => 'Support')->data->{label}, 'Support',
    'its label is changed');
is(changed(carrier_id => $second)->data->{carrier_id}, $second,
    'and its carrier');
$parley->post('/v1/sms/number/update', { phone_number => '+4915112345678',
    objective => 'Stay' });
is_deeply(changed(channels => [ 'sms', 'imessage' ])->data->{channels},
    [ 'imessage', 'sms' ], 'and its channels, which are shown in order');
my ($entry) = grep { $_->{phone_number} eq '+4915112345678' }
    @{ $parley->get('/v1/sms/numbers')->data };
is($entry->{sms_config}{objective}, 'Stay',
    'a channel that stays keeps its config');
my $now = changed()->data;
is_deeply([ @$now{qw(label carrier_id channels)} ], [ 'Support', $second,
    [ 'imessage', 'sms' ] ], 'what is not given stays');
is(changed(label => undef)->data->{label}, undef, 'null takes the label away');
is(changed(phone_number => '+15550000001')->json->{warnings}[0]{field},
    '/phone_number', 'the number itself cannot be changed');
is($parley->get($path)->status, 200, 'and is not');
$before = $parley->state;
for ([ { channels => [] }, 400, 'INVALID_PARAMETER /channels' ],
    [ { channels => [ 'fax' ] }, 400, 'INVALID_PARAMETER /channels' ],
    [ { label => [] }, 400, 'INVALID_PARAMETER /label' ],
    [ { carrier_id => undef }, 400, 'INVALID_PARAMETER /carrier_id' ],
    [ { carrier_id => '0190b0a0-0000-7000-8000-000000000001',
	label => 'x' }, 404, 'CARRIER_NOT_FOUND /carrier_id' ]) {
	my ($bad, $status, $faults) = @$_;
	my $answer = changed(%$bad);
	my $name = JSON::PP->new->encode($bad);
	is($answer->status, $status, "$name: $status");
	is($answer->faults, $faults, "$name: it is named");
}
is($parley->state, $before, 'and nothing comes of those');

# --- Delete it.

$before = $parley->state;
$answer = $parley->delete($path);
is($answer->status, 409, 'a number with an active conversation stays');
is($answer->faults, 'PHONE_NUMBER_IN_USE', 'it is said so');
is($parley->state, $before, 'as it was');
my ($talk) = grep { $_->{agent_number} eq '+4915112345678' }
    @{ $parley->get('/v1/sms/conversations')->data };
$parley->patch("/v1/sms/conversations/$talk->{id}",
    { is_active => JSON::PP::false });
is_deeply($parley->delete($path)->json, { errors => undef, data =>
    { message => 'Phone number deleted' } }, 'when it has ended it is gone');
is($parley->conversation($talk->{id})->{agent_number}, '+4915112345678',
    'what was said on it stays');
for my $what ($path, "$numbers/nonsense", "$numbers/%2B1") {
	for my $method (qw(GET PATCH DELETE)) {
		$answer = $parley->request($method, $what,
		    $method eq 'PATCH' ? {} : undef);
		is($answer->status, 404, "$method $what: 404");
		is($answer->faults, 'PHONE_NUMBER_NOT_FOUND',
		    "$method $what: it is said so");
	}
}
is($parley->create(agent_number => '+4915112345678')->faults,
    'INBOUND_NUMBER_NOT_FOUND /agent_number', 'nor can it be used');
is($parley->post($numbers, { phone_number => '+4915112345678',
    carrier_id => $carrier })->status, 201, 'it may come again');
($entry) = grep { $_->{phone_number} eq '+4915112345678' }
    @{ $parley->get('/v1/sms/numbers')->data };
is_deeply([ $entry->{conversation_count}, $entry->{sms_config}{objective} ],
    [ 0, 'Chat with the user' ], 'as a new one');

done_testing;
