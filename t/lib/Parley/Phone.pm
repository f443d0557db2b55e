# Telephone calls by a carrier that plays Twilio: the test is the telephone
# network, and says when it rings and what the user says.
#
#	use Parley::Phone;
#
#	my $phone = Parley::Phone->new($parley, public => PUBLIC);
#	my ($conversation, $call) = $phone->order(retries => 1);
#	... the worker places it ...
#	$phone->report($call, 'CA1', 'ringing');
#	is($phone->progress($conversation), 'ringing', 'it rings');
#
# Its number is the account's, by a carrier of kind twilio.
package Parley::Phone;

use v5.30;
use warnings;

use Carp qw(croak);
use Parley::Twilio ();
use Time::HiRes ();

use constant {
	NUMBER => '+15550007777',
	STATUS => '/v1/hooks/twilio/call-status',
	VOICE => '/v1/hooks/twilio/voice',
};

my $users = 0;

sub new {
	my ($class, $parley, %of) = @_;
	my $self = bless { parley => $parley, number => NUMBER, %of,
	    twilio => Parley::Twilio->new }, $class;
	my $twilio = $self->{twilio};
	my $carrier = $parley->post('/v1/carriers', { kind => 'twilio',
	    name => 'Twilio', account_sid => $twilio->sid,
	    auth_token => $twilio->token, base_url => $twilio->url });
	croak $carrier->content if $carrier->status != 201;
	my $answer = $parley->post('/v1/phone-numbers', {
	    phone_number => $self->{number},
	    carrier_id => $carrier->data->{id} });
	croak $answer->content if $answer->status != 201;
	return $self;
}

sub twilio { return $_[0]{twilio} }
sub number { return $_[0]{number} }

sub new_user { return sprintf '+1555600%04d', ++$users }

# A new id, in the order of time.
sub new_id {
	return join '-', unpack 'A8 A4 A4 A4 A12', sprintf '%012x7%03x8%03x%012x',
	    1000 * Time::HiRes::time(), rand 4096, rand 4096, rand 2 ** 48;
}

# An id as the database has it.
sub row { return "UNHEX(REPLACE('$_[0]', '-', ''))" }

# A conversation whose call is to be placed now, as the store has it; its id,
# and that of the call and of the work that places it.
#   number, user  of the agent and of whom it calls
#   retries       if nobody answers; 0
#   progress      of the conversation; triggered
#   work          0: nobody places it
sub order {
	my ($self, %of) = @_;
	my ($conversation, $call) = (new_id(), new_id());
	my ($c, $k, $a) = map { row($_) } $conversation, $call,
	    $self->{parley}->id;
	my $number = $of{number} // $self->{number};
	my $user = $of{user} // new_user();
	my $progress = $of{progress} // 'triggered';
	my $retries = $of{retries} // 0;
	my $state = ($of{work} // 1) ? 'waiting' : 'done';
	$self->{parley}->sql(<<~END);
		BEGIN;
		INSERT INTO conversation (account_id, id, channel, agent_key,
		user_key, status, direction, progress, work_id, last_seq,
		cleared_seq, message_count, created_at, updated_at)
		VALUES ($a, $c, 'telephone', '$number', '$user', 'open',
		'outbound', '$progress', $k, 0, 0, 0, UTC_TIMESTAMP(6),
		UTC_TIMESTAMP(6));
		INSERT INTO phone_call (account_id, id, conversation_id,
		attempt, retries, retry_delay, ring_most, talk_most,
		created_at, updated_at) VALUES ($a, $k, $c, 1, $retries, 600,
		30, 3600, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6));
		INSERT INTO work (id, account_id, subject_id, kind, state, due,
		attempt, payload, created_at, updated_at) VALUES ($k, $a, $c,
		'dial', '$state', UTC_TIMESTAMP(6), 0, '{}', UTC_TIMESTAMP(6),
		UTC_TIMESTAMP(6));
		COMMIT
		END
	return ($conversation, $call);
}

# What a conversation has come to.
sub progress {
	my ($self, $conversation) = @_;
	return $self->{parley}->sql('SELECT progress FROM conversation WHERE'
	    . ' id = ' . row($conversation));
}

# The last call of a conversation: its id, and the carrier's.
sub last_call {
	my ($self, $conversation) = @_;
	return @{ ($self->{parley}->rows("SELECT INSERT(INSERT(INSERT(INSERT("
	    . "LOWER(HEX(id)), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0,"
	    . " '-'), carrier_call_id, attempt FROM phone_call WHERE"
	    . ' conversation_id = ' . row($conversation)
	    . ' ORDER BY attempt DESC LIMIT 1'))[0] // [] };
}

# The carrier reports a status; the answer.  `call` may be undef.
sub report {
	my ($self, $call, $sid, $status, %more) = @_;
	return $self->ask(STATUS, defined $call ? "call=$call" : undef,
	    CallSid => $sid, CallStatus => $status, %more);
}

# Twilio posts a form to one of our hooks, signed; the answer.
sub ask {
	my ($self, $path, $query, %form) = @_;
	$path .= "?$query" if defined $query;
	my ($headers, $body) = $self->{twilio}->posted("$self->{public}$path",
	    From => $self->{number}, To => '+15556009999', %form);
	return $self->{parley}->post($path, $body, { authorization => undef,
	    %$headers });
}

1;
