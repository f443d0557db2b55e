#!/usr/bin/perl
# Messages leave: through the loopback carrier, and through one that speaks
# Twilio's API and fails in each way that it can.
use v5.30;
use warnings;

use Parley::Test;
use Parley::Twilio;
use Time::HiRes ();

use constant {
	PATIENCE => 30,
	PUBLIC => 'https://parley.example.test',
	HOOK => '/v1/hooks/twilio/status',
	TWILIO_NUMBER => '+15550007777',
	SERVICE => 'MG0123456789abcdef0123456789abcdef',
};

my $parley = Parley::Test->new(worker => 1, environment => {
    PARLEY_NET_ALLOW => '127.0.0.0/8', PARLEY_HTTP_PUBLIC_URL => PUBLIC });
my $twilio = Parley::Twilio->new;
my $users = 0;

sub new_user { return sprintf '+1555400%04d', ++$users }
sub row { return "UNHEX(REPLACE('$_[0]', '-', ''))" }

sub settings {
	my (%given) = @_;
	my $answer = $parley->post('/v1/sms/number/update',
	    { phone_number => $parley->number, %given });
	die $answer->content if $answer->status != 200;
}

sub talk {
	my ($number) = @_;
	return $parley->create(user_number => new_user(),
	    agent_number => $number)->data->{conversation_id};
}

# A new id, in the order of time.
sub new_id {
	return join '-', unpack 'A8 A4 A4 A4 A12', sprintf '%012x7%03x8%03x%012x',
	    1000 * Time::HiRes::time(), rand 4096, rand 4096, rand 2 ** 48;
}

# Writes into the conversation a message that is to leave, and its work, as
# an agent does who speaks.  Returns both ids.
sub leave {
	my ($conversation, $text, $starts) = @_;
	my ($message, $work) = (new_id(), new_id());
	my ($c, $m, $w) = map { row($_) } $conversation, $message, $work;
	my $clock = $starts ? 'true' : 'false';
	$parley->sql(<<~END);
		BEGIN;
		UPDATE conversation SET last_seq = last_seq + 1,
		message_count = message_count + 1 WHERE id = $c;
		INSERT INTO message (account_id, conversation_id, seq, id,
		sender, status, text, segments, encoding, work_id, created_at)
		SELECT account_id, id, last_seq, $m, 'AGENT', 'pending',
		'$text', 1, 'GSM-7', $w, UTC_TIMESTAMP(6)
		FROM conversation WHERE id = $c;
		INSERT INTO work (id, account_id, subject_id, kind, state, due,
		attempt, payload, created_at, updated_at)
		SELECT $w, account_id, id, 'send', 'waiting',
		UTC_TIMESTAMP(6), 0, CONCAT('{"message_id":"$message",',
		'"seq":', last_seq, ',"starts_clock":$clock}'),
		UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
		FROM conversation WHERE id = $c;
		COMMIT
		END
	return ($message, $work);
}

# The message as the API shows it.
sub message {
	my ($conversation, $text) = @_;
	my ($found) = grep { $_->{message} eq $text }
	    @{ $parley->conversation($conversation)->{messages} };
	return $found;
}

# Waits until the message has this status, and shows it.
sub reaches {
	my ($conversation, $text, $status) = @_;
	return wait_until(PATIENCE, sub {
		my $message = message($conversation, $text);
		$message && ($message->{status} // '') eq $status && $message
	}) // message($conversation, $text);
}

sub workflow { return $parley->get("/v1/workflows/$_[0]")->data }

# Waits until so many tries of the work have ended without success.
sub tried {
	my ($work, $attempts) = @_;
	return wait_until(PATIENCE, sub {
		my $shown = workflow($work);
		$shown->{state} eq 'waiting' && $shown->{attempts} == $attempts
	});
}

# Lets the time pass until the next try, and until a request that was under
# way has landed.
sub elapse {
	my ($work) = @_;
	my $id = row($work);
	$parley->sql('UPDATE message SET leaving_at = leaving_at'
	    . " - INTERVAL 60 SECOND WHERE work_id = $id;"
	    . ' UPDATE work SET due = UTC_TIMESTAMP(6) WHERE id = '
	    . "$id AND state = 'waiting'");
}

# --- The loopback carrier.

settings(time_out => 600, warning_time => 200, warning_message => 'Still on?',
    timeout_message => 'Bye');
my $data = $parley->create(user_number => new_user(), sender => 'AGENT')
    ->data;
my $id = $data->{conversation_id};
$parley->sql('UPDATE work SET due = UTC_TIMESTAMP(6) WHERE id = '
    . row($data->{workflow_id}));
my $message = reaches($id, 'Still on?', 'delivered');
is($message->{status}, 'delivered', 'a warning leaves and is delivered');
like($message->{message_sid}, qr/^LB/, 'the carrier has given it an id');
$parley->sql("UPDATE work SET due = UTC_TIMESTAMP(6) WHERE kind = 'silence'"
    . " AND state = 'waiting' AND subject_id = " . row($id));
is(reaches($id, 'Bye', 'delivered')->{status}, 'delivered',
    'the timeout_message leaves although the conversation has ended');
is_deeply([ $parley->rows('SELECT from_number, to_number, text FROM'
    . ' loopback_message ORDER BY created_at') ], [ map { [ $parley->number,
    $parley->conversation($id)->{user_number}, $_ ] } 'Still on?', 'Bye' ],
    'the carrier was given both, once, in order');
is(message($id, 'Hello')->{status}, undef,
    'a message that was only stored does not leave');

$id = talk($parley->number);
$parley->sql('UPDATE conversation SET time_out = 500, warning_time = 100 WHERE'
    . ' id = ' . row($id));
my (undef, $work) = leave($id, 'How are you?', 1);
is(reaches($id, 'How are you?', 'delivered')->{status}, 'delivered',
    'what the agent says leaves');
my ($clock) = $parley->rows('SELECT TIMESTAMPDIFF(MICROSECOND,'
    . ' m.created_at, w.due) / 1e6 > 100, TIMESTAMPDIFF(MICROSECOND,'
    . ' d.updated_at, w.due) / 1e6 < 100.5 FROM conversation c JOIN work w ON'
    . ' w.id = c.silence_work_id JOIN message m ON m.conversation_id = c.id'
    . ' AND m.seq = c.last_seq JOIN work_done d ON d.id = m.work_id'
    . ' WHERE c.id = ' . row($id));
is_deeply($clock, [ 1, 1 ], 'and its clock starts when the carrier took it');

my @texts = map { "Part $_" } 1 .. 4;
leave($id, $_) for @texts;
reaches($id, $texts[-1], 'delivered');
is(join('|', map { $_->[0] } $parley->rows('SELECT text FROM loopback_message'
    . " WHERE text LIKE 'Part%' ORDER BY created_at, id")), join('|', @texts),
    'the messages of a conversation leave in their order');

# --- Twilio's API.

my $carrier = $parley->post('/v1/carriers', { kind => 'twilio',
    name => 'Twilio', account_sid => $twilio->sid, auth_token => $twilio->token,
    base_url => $twilio->url })->data->{id};
is($parley->post('/v1/phone-numbers', { phone_number => TWILIO_NUMBER,
    carrier_id => $carrier, channels => [ qw(sms whatsapp) ] })->status, 201,
    'a number of another carrier');

sub accepted { return grep { $_->{body} eq $_[0] } $twilio->accepted }
sub posts {
	return grep { $_->{method} eq 'POST' && ($_->{form}{Body} // '') eq $_[0] }
	    $twilio->calls;
}

sub report {
	my ($sid, $status, %more) = @_;
	my ($headers, $body) = $twilio->report(PUBLIC . HOOK, $sid, $status,
	    %more);
	return $parley->post(HOOK, $body, $headers);
}

$id = talk(TWILIO_NUMBER);
my $user = $parley->conversation($id)->{user_number};
leave($id, 'One & two = drei');
$message = reaches($id, 'One & two = drei', 'sent');
is($message->{status}, 'sent', 'a message reaches it');
is_deeply((posts('One & two = drei'))[0]{form}, { To => $user,
    From => TWILIO_NUMBER, Body => 'One & two = drei',
    StatusCallback => PUBLIC . HOOK },
    'with its ends, its words and where to report');
is($message->{message_sid}, (accepted('One & two = drei'))[0]{sid},
    'its id is kept');

my $sid = $message->{message_sid};
my ($headers, $body) = $twilio->report(PUBLIC . HOOK, $sid, 'delivered');
is($parley->post(HOOK, $body, { %$headers,
    'X-Twilio-Signature' => 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' })->status, 403,
    'a report that is signed by somebody else is refused');
is(message($id, $message->{message})->{status}, 'sent', 'and says nothing');
is($parley->post(HOOK, $body, $headers)->status, 200,
    'one that it signed is taken');
is(message($id, $message->{message})->{status}, 'delivered',
    'and the message is delivered');
is(report($sid, 'sent')->status, 200, 'an older report that comes after it');
is(message($id, $message->{message})->{status}, 'delivered',
    'takes nothing back');

$parley->post('/v1/sms/number/update', { phone_number => TWILIO_NUMBER,
    messaging_service_sid => SERVICE });
leave($id, 'By a service');
reaches($id, 'By a service', 'sent');
is_deeply((posts('By a service'))[0]{form}, { To => $user,
    MessagingServiceSid => SERVICE, Body => 'By a service',
    StatusCallback => PUBLIC . HOOK },
    'a messaging service takes the place of the number');
$parley->post('/v1/sms/number/update', { phone_number => TWILIO_NUMBER,
    messaging_service_sid => undef });

# --- What goes wrong and passes.  Of each: is it given again?

for my $case ([ '429', 2 ], [ '503', 2 ], [ '500', 2 ],
    [ '500-accepted', 1 ], [ 'reset', 2 ], [ 'reset-accepted', 1 ],
    [ 'lost', 1 ]) {
	my ($fault, $given) = @$case;
	my $id = talk(TWILIO_NUMBER);
	my $text = "After $fault";
	$twilio->fail($fault);
	my (undef, $work) = leave($id, $text);
	ok(tried($work, 1), "$fault: it is tried again");
	is(message($id, $text)->{status}, 'queued', "$fault: it is queued");
	elapse($work);
	is(reaches($id, $text, 'sent')->{status}, 'sent',
	    "$fault: and it is sent");
	is(scalar(accepted($text)), 1, "$fault: it reached the carrier once");
	is(scalar(posts($text)), $given, "$fault: it was " . ($given == 1 ?
	    'found there, and not given again' : 'given twice'));
	is(message($id, $text)->{message_sid}, (accepted($text))[0]{sid},
	    "$fault: its id is known");
}

# --- Content templates of the carrier's.

for my $case ([ 'ok', 1 ], [ 'lost', 1 ], [ '500', 2 ]) {
	my ($fault, $given) = @$case;
	my $sid = 'HX' . ($given . length $fault) x 16;
	$twilio->fail($fault);
	my $user = new_user();
	my $data = $parley->post('/v1/sms/send', { user_number => $user,
	    agent_number => TWILIO_NUMBER, channel => 'whatsapp',
	    content_sid => $sid, content_variables => { 1 => 'Ada & Co.' } })
	    ->data;
	if ($fault ne 'ok') {
		ok(tried($data->{workflow_id}, 1), "$fault: it is tried again");
		elapse($data->{workflow_id});
	}
	my $text = qq([$sid {"1":"Ada & Co."}]);
	my $message = reaches($data->{conversation_id}, $text, 'sent');
	is($message->{status}, 'sent', "$fault: a template is sent");
	my ($accepted, @more) = grep { $_->{to} eq "whatsapp:$user" }
	    $twilio->accepted;
	is("$accepted->{body}|$accepted->{sid}|@more",
	    "Of the template $sid|$message->{message_sid}|",
	    "$fault: once, whatever its words are there");
	my @posts = map { $_->{form} } grep { $_->{method} eq 'POST' &&
	    ($_->{form}{ContentSid} // '') eq $sid } $twilio->calls;
	is(scalar(@posts), $given, "$fault: it is looked for first");
	is_deeply($posts[0], { To => "whatsapp:$user", From =>
	    'whatsapp:' . TWILIO_NUMBER, ContentSid => $sid,
	    ContentVariables => '{"1":"Ada & Co."}',
	    StatusCallback => PUBLIC . HOOK },
	    "$fault: with what is filled in, and no words of ours");
}

# --- A report that comes before we know the id.

$id = talk(TWILIO_NUMBER);
$twilio->fail('lost');
(undef, $work) = leave($id, 'Early');
tried($work, 1);
is(report((accepted('Early'))[0]{sid}, 'delivered')->status, 200,
    'a report of a message whose id is not known yet');
elapse($work);
is(reaches($id, 'Early', 'delivered')->{status}, 'delivered', 'is not lost');

# --- What is refused for good.

for my $case ([ 'opted-out', '21610' ], [ '400', '21211' ]) {
	my ($fault, $code) = @$case;
	my $id = talk(TWILIO_NUMBER);
	$twilio->fail($fault);
	my (undef, $work) = leave($id, "To $fault");
	my $message = reaches($id, "To $fault", 'failed');
	is("$message->{status} $message->{error_code}", "failed $code",
	    "$code: the message has failed, by this code");
	is(workflow($work)->{state}, 'dead', "$code: and its work is given up");
	is(scalar(posts("To $fault")), 1, "$code: after one try");
	leave($id, "After $code");
	is(reaches($id, "After $code", 'sent')->{status}, 'sent',
	    "$code: what follows it leaves");
}

# --- In order, whatever happens.

$id = talk(TWILIO_NUMBER);
$twilio->fail('429');
(undef, $work) = leave($id, 'First');
tried($work, 1);
my (undef, $second) = leave($id, 'Second');
is($parley->sql('DO SLEEP(0.3); SELECT status FROM message WHERE work_id = '
    . row($second)), 'pending', 'a message waits for the one before it');
elapse($work);
reaches($id, 'Second', 'sent');
is(join(' ', map { $_->{body} } grep { $_->{body} =~ /^(First|Second)$/ }
    $twilio->accepted), 'First Second', 'and leaves after it');

is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'send' AND state IN"
    . " ('waiting', 'running')"), 0, 'nothing is left to send');

done_testing;
