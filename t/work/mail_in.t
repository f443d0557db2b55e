#!/usr/bin/perl
# Conversations by email, in: what arrives at a real Postfix is piped into
# `parley mail-in`, finds its agent and its conversation, and is answered by
# mail; or is not, for a reason that is kept.
use v5.30;
use utf8;
use warnings;

use Parley::Mail;
use Parley::Model;
use Parley::Test;

my $mail = eval { Parley::Mail->new } or plan(skip_all => $@);
my $model = Parley::Model->new;
my $parley = Parley::Test->new(worker => 1, environment => {
    $mail->environment, $model->environment });
$mail->pipe_to($parley);

my $carrier = $parley->post('/v1/carriers', { kind => 'smtp',
    name => 'Mail', base_url => $mail->smtp_url, username => $mail->user,
    password => $mail->password })->data->{id};

sub agent {
	my ($address, %email) = @_;
	my $agent = $parley->post('/v1/agents', { name => $address });
	my $id = $agent->json->{id};
	my $version = $parley->post("/v1/agents/$id/versions", { config => {
	    instructions => 'You help.', debounce => 0,
	    channel_properties => { email => \%email } } })->json;
	$parley->post("/v1/agents/$id/versions/$version->{version}/publish",
	    {});
	is($parley->post('/v1/email-addresses', { address => $address,
	    carrier_id => $carrier, inbound_agent_version_id =>
	    $version->{id} })->status, 201, "an agent answers at $address");
	return $id;
}
my $agent = agent('help@agents.test');
agent('sales@agents.test', cc_reply_policy => 'never');

# What became of the mail of this Message-ID, once it has been read.
sub kept {
	my ($id) = @_;
	my $row;
	wait_until(60, sub {
		($row) = $parley->rows('SELECT LOWER(HEX(conversation_id)),'
		    . ' seq, COALESCE(suppressed_reason, \'\') FROM mail WHERE'
		    . " message_id = '$id'") });
	return $row ? { conversation => $row->[0], seq => $row->[1],
	    reason => $row->[2] } : undef;
}

# Every piece of mail that came in has been read, and so has what was written
# for it: nothing is on its way, twice in a row, with no mail more meanwhile.
sub settled {
	my $before = -1;
	return wait_until(60, sub {
		my $moving = $mail->queued + $parley->sql('SELECT COUNT(*)'
		    . " FROM work WHERE kind IN ('receive', 'turn', 'mail')"
		    . " AND state IN ('waiting', 'running')");
		my $mails = $parley->sql('SELECT COUNT(*) FROM mail');
		my $still = $moving == 0 && $mails == $before;
		$before = $moving == 0 ? $mails : -1;
		return $still;
	});
}

# --- A first mail.

$model->answer('Guten Tag, Ada. Wie können wir helfen?');
$mail->send(from => 'Ada <ada@example.test>', sender => 'ada@example.test',
    to => 'help@agents.test', recipient => 'help@agents.test', headers => {
	Subject => '=?utf-8?q?Gr=C3=BC=C3=9Fe?=',
	'Message-ID' => '<first@example.test>' },
    text => "Hello\n-- \nAda");
my ($answer) = $mail->wait_for('ada', 1);
my $first = kept('first@example.test');
is($first->{reason}, '', 'a mail is answered');
is($answer->{headers}{'in-reply-to'}, '<first@example.test>', 'in its thread');
is($answer->{headers}{references}, '<first@example.test>', 'for all to see');
like($answer->{headers}{subject}, qr/^Re: =\?/, 'under its subject');
is($answer->{headers}{'auto-submitted'}, 'auto-replied',
    'and says that a program wrote it');
my ($asked) = @{ $model->requests };
is($asked->{messages}[-1]{content}, 'Hello',
    'the agent saw what is new, and no signature');
my ($conversation) = $parley->rows('SELECT channel, direction, user_key,'
    . ' agent_key, subject FROM conversation');
utf8::decode($conversation->[4]);
is_deeply($conversation, [ 'email', 'inbound', 'ada@example.test',
    'help@agents.test', 'Grüße' ], 'a conversation was begun')
    or diag(explain($conversation));

# --- A reply joins it, by its id and whatever its subject.

my $ours = $answer->{headers}{'message-id'} =~ s/[<>]//gr;
$model->answer('Gern.');
$mail->send(from => 'ADA@example.test', to => 'help@agents.test', headers => {
    Subject => 'Something else', 'Message-ID' => '<second@example.test>',
    Cc => 'bob@example.test, Help@agents.test, noreply@example.test',
    'In-Reply-To' => "<$ours>" },
    text => "Yes, please.\n\nOn Monday, Help wrote:\n> Guten Tag\n");
(undef, $answer) = $mail->wait_for('ada', 2);
is(kept('second@example.test')->{conversation}, $first->{conversation},
    'a reply joins its conversation');
is($model->requests->[-1]{messages}[-1]{content}, 'Yes, please.',
    'without what it quotes');
like($answer->{headers}{references}, qr/<\Q$ours\E>.*<second\@example\.test>/,
    'the chain goes on');
is($answer->{headers}{cc}, 'bob@example.test',
    'who was copied is copied, without the agent and robots');
is(scalar($mail->wait_for('bob', 1)), 1, 'and has it');

# --- Who is copied may speak, and is answered.

my $theirs = $answer->{headers}{'message-id'} =~ s/[<>]//gr;
$model->answer('Gern, Bob.');
$mail->send(from => 'bob@example.test', to => 'help@agents.test', headers => {
    'Message-ID' => '<bob@example.test>', 'In-Reply-To' => "<$theirs>",
    Cc => 'ada@example.test' }, text => 'May I ask, too?');
my (undef, $bobs) = $mail->wait_for('bob', 2);
is(kept('bob@example.test')->{conversation}, $first->{conversation},
    'who was copied is of the conversation');
is($bobs->{headers}{to} . ' ' . $bobs->{headers}{cc},
    'ada@example.test bob@example.test', 'and answered with who began it');
$mail->wait_for('ada', 3);

# --- An id is no password.

$model->answer('Hello, Eve.');
$mail->send(from => 'eve@example.test', to => 'help@agents.test', headers => {
    'Message-ID' => '<eve@example.test>', 'In-Reply-To' => "<$ours>" },
    text => 'What did Ada say?');
$mail->wait_for('eve', 1);
isnt(kept('eve@example.test')->{conversation}, $first->{conversation},
    'who is not of a conversation begins another');

# --- What is not answered, and is kept.

my $count = @{ $model->requests };
my %silent = (
    'Auto-Submitted' => 'auto-replied', Precedence => 'bulk',
    'List-Id' => '<list.example.test>',
    'X-Auto-Response-Suppress' => 'All');
for my $header (sort keys %silent) {
	my $id = lc($header) . '@example.test';
	$mail->send(from => 'ada@example.test', to => 'help@agents.test',
	    headers => { 'Message-ID' => "<$id>", $header => $silent{$header},
		'In-Reply-To' => "<$ours>" }, text => 'I am away.');
	my $kept = kept($id);
	isnt($kept->{reason}, '', "$header is kept with a reason");
	is($kept->{conversation}, $first->{conversation}, 'where it belongs');
}
$mail->send(from => 'ada@example.test', to => 'help@agents.test',
    sender => '', headers => { 'Message-ID' => '<null@example.test>' },
    text => 'I am a program.');
is(kept('null@example.test')->{reason}, 'its envelope has no sender',
    'so is what nobody sent');
$mail->send(from => 'ada@example.test', to => 'team@example.test',
    recipient => 'sales@agents.test', headers => {
	'Message-ID' => '<copy@example.test>', Cc => 'sales@agents.test' },
    text => 'For your information.');
is(kept('copy@example.test')->{reason}, 'the agent was only sent a copy',
    'and what the agent was only sent a copy of');
ok(settled(), 'it is all read');
is(scalar(@{ $model->requests }), $count, 'and the agent thought of none');
is(scalar($mail->mailbox('ada')), 3, 'nor wrote');

# --- The same mail twice is one.

$mail->send(from => 'ada@example.test', to => 'help@agents.test',
    headers => { 'Message-ID' => '<first@example.test>' }, text => 'Hello');
ok(settled(), 'a mail that comes again');
is($parley->sql("SELECT COUNT(*) FROM mail WHERE message_id ="
    . " 'first\@example.test'"), 1, 'is there once');

# --- Programs that write to each other come to an end.

$mail->send(from => 'help@agents.test', to => 'help@agents.test', headers => {
    'Message-ID' => '<loop@agents.test>' }, text => 'To myself');
is(kept('loop@agents.test')->{reason}, 'it is from the agent itself',
    'an agent does not answer itself');
$model->answer('To another agent');
$mail->send(from => 'sales@agents.test', to => 'help@agents.test', headers => {
    'Message-ID' => '<agents@agents.test>' }, text => 'Hello, agent');
ok(settled(), 'two agents who write to each other');
is($parley->sql('SELECT COUNT(*) FROM message WHERE sender = \'AGENT\' AND'
    . " text = 'To another agent'"), 1, 'say one thing each');
is($parley->sql('SELECT COUNT(*) FROM mail WHERE suppressed_reason LIKE'
    . " 'Auto-Submitted%' AND sender = 'help\@agents.test'"), 1,
    'the other sees that it was a program');

# --- STOP, and START.

$mail->send(from => 'eve@example.test', to => 'help@agents.test', headers => {
    'Message-ID' => '<stop@example.test>' }, text => "Stop.\n");
is(kept('stop@example.test')->{reason}, 'the user wants no more mail',
    'STOP is obeyed');
is($parley->sql('SELECT CONCAT(address, \' \', reason) FROM suppression'),
    'eve@example.test stop_keyword', 'and kept in the ledger');
$mail->send(from => 'eve@example.test', to => 'help@agents.test', headers => {
    'Message-ID' => '<after@example.test>' }, text => 'Are you there?');
like(kept('after@example.test')->{reason}, qr/not written to: stop_keyword/,
    'from then on nothing is said');
$mail->send(from => 'eve@example.test', to => 'help@agents.test', headers => {
    'Message-ID' => '<start@example.test>' }, text => 'START');
is(kept('start@example.test')->{reason}, 'the user wants mail again',
    'START ends that');
is($parley->sql('SELECT COUNT(*) FROM suppression'), 0, 'in the ledger too');

# --- A bounce of a mail of ours.

$mail->send(from => 'MAILER-DAEMON@example.test', sender => '',
    to => 'help@agents.test', mime => <<~"END");
	From: MAILER-DAEMON\@example.test
	To: help\@agents.test
	Content-Type: multipart/report; report-type=delivery-status; boundary=x

	--x

	It bounced.
	--x
	Content-Type: message/delivery-status

	Final-Recipient: rfc822; ada\@example.test
	Action: failed
	Status: 5.1.1
	--x
	Content-Type: text/rfc822-headers

	Message-ID: <$ours>
	--x--
	END
ok(wait_until(60, sub { $parley->sql('SELECT delivery_status FROM mail WHERE'
    . " message_id = '$ours'") eq 'bounced' }), 'a bounce is of its mail');
is($parley->sql('SELECT CONCAT(address, \' \', reason) FROM suppression'),
    'ada@example.test bounce', 'and its address is in the ledger');
$parley->sql('DELETE FROM suppression');

# --- Two programs that answer each other.

$model->always('So you say.');
$mail->send(from => 'fay@example.test', to => 'help@agents.test', headers => {
    'Message-ID' => '<echo1@example.test>' }, text => 'So I say.');
ok(wait_until(60, sub { $parley->sql("SELECT COUNT(*) FROM message m JOIN"
    . ' conversation c ON c.id = m.conversation_id WHERE c.user_key ='
    . " 'fay\@example.test' AND m.sender = 'AGENT'") == 1 }),
    'a program is answered');
ok(settled(), 'and nothing is under way');
$parley->sql(<<~'END');
	BEGIN;
	INSERT INTO message (account_id, conversation_id, seq, id, sender,
	status, text, segments, encoding, created_at)
	SELECT m.account_id, m.conversation_id, m.seq + n.seq,
	UNHEX(MD5(CONCAT(HEX(m.id), n.seq))), 'AGENT', 'sent', m.text, 1, 'GSM-7',
	m.created_at FROM message m JOIN conversation c
	ON c.id = m.conversation_id JOIN seq_1_to_19 n
	WHERE c.user_key = 'fay@example.test' AND m.sender = 'AGENT';
	UPDATE conversation SET last_seq = last_seq + 19,
	message_count = message_count + 19
	WHERE user_key = 'fay@example.test';
	COMMIT
	END
$mail->send(from => 'fay@example.test', to => 'help@agents.test', headers => {
    'Message-ID' => '<echo2@example.test>' }, text => 'So I say.');
like(kept('echo2@example.test')->{reason}, qr/^too much was sent there/,
    'but not more than 20 times within the hour');
ok(settled(), 'so that it comes to an end');

# --- Large ones, and bombs.

my $large = 'x' x 76 . "\n";
$model->always('Thank you.');
$mail->send(from => 'bob@example.test', to => 'help@agents.test',
    mime => "From: bob\@example.test\nTo: help\@agents.test\n"
    . "Message-ID: <large\@example.test>\nContent-Type: multipart/mixed;"
    . " boundary=b\n\n--b\n\nSee this.\n--b\nContent-Type:"
    . " application/octet-stream; name=large.bin\n\n"
    . $large x (25 * 1024 * 1024 / length $large) . "\n--b--\n");
is(kept('large@example.test')->{reason}, '', 'a mail of 25 MB is read');
like($parley->sql('SELECT media FROM message WHERE media IS NOT NULL'),
    qr/"filename":"large\.bin".*"size":26\d{6}\b/,
    'what is attached is told of');
$mail->send(from => 'bob@example.test', to => 'help@agents.test',
    mime => "From: bob\@example.test\nTo: help\@agents.test\n"
    . "Message-ID: <bomb\@example.test>\n" . join('', map {
    "Content-Type: multipart/mixed; boundary=b$_\n\n--b$_\n" } 1 .. 20000));
ok(kept('bomb@example.test'), 'mails in mails in mails are read to an end');

# --- Nothing is lost, and nothing is nobody's.

ok(settled(), 'everything has been read');
is($parley->sql('SELECT COUNT(*) FROM mail_piece'), 0, 'and let go');
$mail->write_pipe({ PARLEY_DATABASE_SOCKET => '/nowhere' },
    "$mail->{directory}/run/parley", 'mail-in');
$mail->send(from => 'bob@example.test', to => 'help@agents.test', headers => {
    'Message-ID' => '<late@example.test>' }, text => 'Are you there?');
ok(wait_until(60, sub { $mail->log =~ /status=deferred.*75|temporary/i }),
    'while the store is down the mail server keeps the mail')
    or diag($mail->log);
$mail->pipe_to($parley);
$mail->flush;
is(kept('late@example.test')->{reason}, '', 'and brings it when it is back');
$mail->send(from => 'bob@example.test', to => 'nobody@agents.test',
    headers => { Subject => 'Lost' }, text => 'Hello?');
ok(wait_until(60, sub { grep { $_->{raw} =~ /Undelivered/ }
    $mail->mailbox('bob') }), 'who writes to nobody is told so');

$mail->stop;
done_testing;
