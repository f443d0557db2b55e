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
# Its number is the account's, by a carrier of kind twilio.  What our hook
# answers is a list of verbs, each a list of its name, its attributes and its
# text or the verbs within:
#
#	my @verbs = $phone->follow(undef, "CA1");
#
# They must be, but for the order of attributes, what Twilio's library makes of the same verbs.
package Parley::Phone;

use v5.30;
use warnings;

use Carp qw(croak);
use Parley::Twilio qw(official);
use Test::More ();
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
	my $carrier = $self->post('/v1/carriers', { kind => 'twilio',
	    name => 'Twilio', account_sid => $twilio->sid,
	    auth_token => $twilio->token, base_url => $twilio->url });
	$self->post('/v1/phone-numbers', { phone_number => $self->{number},
	    carrier_id => $carrier->{data}{id} });
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
#   attempt       how often it was tried before; 0
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
	my $attempt = $of{attempt} // 0;
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
		'dial', '$state', UTC_TIMESTAMP(6), $attempt, '{}',
		UTC_TIMESTAMP(6), UTC_TIMESTAMP(6));
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

# An agent with this config, published; the id of its version.  It has the
# number as `direction` says: "inbound", "outbound", "both"; undef: not.
sub agent {
	my ($self, $config, $direction) = @_;
	my $agent = $self->post('/v1/agents', { name => 'Ada' })->{id};
	my $versions = "/v1/agents/$agent/versions";
	my $version = $self->post($versions, { config => $config });
	$self->post("$versions/$version->{version}/publish", defined $direction ?
	    { phone_numbers => [ $self->{number} ], direction => $direction } :
	    {});
	return $version->{id};
}

sub post {
	my ($self, $path, $body) = @_;
	my $answer = $self->{parley}->post($path, $body);
	croak $answer->content if $answer->status >= 300;
	return $answer->json;
}

# In a call, Twilio asks the address that an earlier answer gave it, or where
# that is undef the one of the number; the verbs of the answer.
sub follow {
	my ($self, $url, $sid, %form) = @_;
	my ($path, $query) = ($url // "$self->{public}${\VOICE}") =~
	    m{\A\Q$self->{public}\E([^?]*)(?:\?(.*))?\z} or croak
	    "not an address of ours: $url";
	my $answer = $self->ask($path, $query, CallSid => $sid,
	    CallStatus => 'in-progress', %form);
	croak $answer->status . ' ' . $answer->content
	    if $answer->status != 200;
	return verbs($answer->content);
}

# The verbs of a document.
sub verbs {
	my ($document) = @_;
	my ($rest) = $document =~ m{\A<\?xml [^>]*\?>(.*)\z}s;
	my @open = ([]);
	while ($rest =~ m{\G(?:<(/?)(\w+)((?:\s+\w+="[^"]*")*)(/?)>|([^<]+))}gc) {
		my ($closes, $name, $attributes, $is_empty, $text) =
		    ($1, $2, $3, $4, $5);
		if (defined $text) {
			push @{ $open[-1] }, plain($text);
		} elsif ($closes) {
			my $inner = pop @open;
			$open[-1][-1][2] = $name =~ /^(Gather|Response)$/ ?
			    $inner : $inner->[0];
		} else {
			push @{ $open[-1] }, [ lcfirst $name, { map { plain($_) }
			    $attributes =~ /(\w+)="([^"]*)"/g } ];
			push @open, [] if !$is_empty;
		}
	}
	croak "no document: $document" if @open != 1 ||
	    (pos($rest) // 0) != length $rest;
	my $verbs = $open[0][0][2] // [];
	my $theirs = official({ do => 'voice', verbs => $verbs });
	utf8::encode($theirs);
	($document, $theirs) = map { ordered($_) } $document, $theirs;
	Test::More::is($document, $theirs,
	    "as Twilio's library would say it") if $document ne $theirs;
	return @$verbs;
}

# The order of attributes means nothing.
sub ordered {
	my ($document) = @_;
	return $document =~ s{(<\w+)((?: \w+="[^"]*")+)}{
		my ($name, $attributes) = ($1, $2);
		$name . join '', sort $attributes =~ /( \w+="[^"]*")/g
	}ger;
}

sub plain {
	my ($text) = @_;
	my %of = (lt => '<', gt => '>', amp => '&', quot => '"');
	$text =~ s/&(?:#x([0-9A-F]+)|(\w+));/defined $1 ? chr hex $1 : $of{$2}/ge;
	utf8::decode($text);
	return $text;
}

# What is said by these verbs, and in what listens.
sub said {
	my (@verbs) = @_;
	return join '|', map { $_->[0] eq 'say' ? $_->[2] :
	    $_->[0] eq 'gather' ? said(@{ $_->[2] }) : () } @verbs;
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
