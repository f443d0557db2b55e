# The database is down while providers call: what they bring is on disk before
# it is answered, and when the database is back it is stored as if it came
# then: once, in order, and only what was signed.
use v5.30;
use warnings;

# A database of its own, that can be killed.
BEGIN { delete $ENV{PARLEY_TEST_DATABASE_SOCKET} }

use Digest::SHA qw(hmac_sha256_hex);
use Fcntl qw(LOCK_EX);
use Parley::Fault qw(children held_up hold);
use Parley::Model;
use Parley::Phone;
use Parley::Server ();
use Parley::Test;
use POSIX qw(strftime);

use constant {
	PATIENCE => 40,
	PUBLIC => 'https://parley.example.test',
	SMS => '/v1/hooks/twilio/message',
	STATUS => '/v1/hooks/twilio/status',
	MAIL_KEY => 'key-1',
	SIGNED => time - 86400,
};

my $model = Parley::Model->new;
$model->always('We have tea.');
my $parley = Parley::Test->new(children => 3, environment => {
    $model->environment, PARLEY_NET_ALLOW => '127.0.0.0/8',
    PARLEY_HTTP_PUBLIC_URL => PUBLIC, PARLEY_DATABASE_TIMEOUT => 3 },
    start => 0);
my $spool = $parley->directory . '/spool';
$parley->{environment}{PARLEY_API_SPOOL} = $spool;
$parley->expect_faults(qr/no database: /,
    qr/the answer to a COMMIT was lost/, qr/ended by signal 9/,
    qr/is set aside as/);
$parley->start;
my $phone = Parley::Phone->new($parley, public => PUBLIC);
my $twilio = $phone->twilio;
$phone->agent({ instructions => 'Sell tea.', starting_message => 'Hello!' },
    'inbound');
my ($user, $texts) = ('+15553330001', 0);

# As a process puts a file into the spool: whole.
sub put {
	my ($path, $text) = @_;
	Parley::Server::spew("$path.new", $text);
	rename "$path.new", $path or die "$path: $!";
}

# Nobody takes anything out while this is held.
sub lock_spool {
	open my $lock, '+<', "$spool/.lock" or die "$spool/.lock: $!";
	flock $lock, LOCK_EX or die "flock: $!";
	return $lock;
}

sub waiting { return grep { !/\.failed\z/ } glob "$spool/*" }
sub failed { return grep { /\.failed\z/ } glob "$spool/*" }

# Twilio posts a form of a text to one of our hooks; the answer.
sub bring {
	my ($path, %form) = @_;
	my ($headers, $body) = $twilio->posted(PUBLIC . $path, %form);
	return post($path, $body, %$headers);
}

sub post {
	my ($path, $body, %headers) = @_;
	return $parley->post($path, $body, { authorization => undef,
	    %headers });
}

# A text, whose words are how many there were before.
sub text {
	my (%form) = @_;
	$texts++;
	return bring(SMS, MessageSid => "SM$texts", From => $user,
	    To => $phone->number, Body => "text $texts", %form);
}

# Mailgun brings a mail, signed at SIGNED.
sub mail {
	my ($letter) = @_;
	my $token = $letter x 50;
	my %form = (recipient => 'help@agents.test', timestamp => SIGNED,
	    sender => 'ada@example.test', token => $token,
	    signature => hmac_sha256_hex(SIGNED . $token, MAIL_KEY),
	    'body-mime' => join "\r\n", 'From: ada@example.test',
		'To: help@agents.test', "Message-ID: <$letter\@example.test>",
		'Subject: Tea', '', 'Any tea?', '');
	return post('/v1/hooks/mail', join('&', map { my $name = $_; "$name="
	    . $form{$name} =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ger }
	    sort keys %form),
	    'Content-Type' => 'application/x-www-form-urlencoded');
}

# Ada, to whom the mails of a conversation go, clicks that she wants no more;
# the token is signed by the server's key, or another.
my $thread = Parley::Phone::new_id();
sub unsubscribe {
	my ($key) = @_;
	my $ids = pack 'H*', ($parley->id . $thread) =~ s/-//gr;
	$key //= pack 'H*', Parley::Server::slurp($parley->secret_key)
	    =~ s/\n//r;
	my $token = unpack('H*', $ids)
	    . hmac_sha256_hex("parley unsubscribe 1\0$ids", $key);
	return post("/v1/email/unsubscribe/$token", 'List-Unsubscribe=One-Click',
	    'Content-Type' => 'application/x-www-form-urlencoded');
}

sub said {
	return join '|', map { @$_ } $parley->rows('SELECT m.text FROM message m'
	    . " JOIN conversation c ON c.id = m.conversation_id WHERE m.sender"
	    . " = 'USER' AND c.channel = 'sms' ORDER BY m.seq");
}

sub gone {
	$parley->database->kill_hard;
	return wait_until(PATIENCE,
	    sub { $parley->get('/v1/ready')->status == 503 });
}

sub back {
	$parley->database->again;
	return wait_until(PATIENCE, sub { !waiting() });
}

# --- Texts.

is(text()->status, 200, 'a text is stored');
ok(gone(), 'the database is killed');
my $answer = text();
is($answer->status, 200, 'a text is taken all the same');
like($answer->content, qr{<Response/>}, 'with an empty document');
is(scalar(waiting()), 1, 'it is in the spool');
my ($mode, $owner) = (stat((waiting())[0]))[2, 4];
is(sprintf('%o', $mode & 07777), '600', 'readable for its owner alone');
is(sprintf('%o', (stat $spool)[2] & 07777), '700', 'as the spool is');
text() for 1 .. 4;
my ($headers, $body) = $twilio->posted(PUBLIC . SMS, MessageSid => 'SM2',
    From => $user, To => $phone->number, Body => 'text 2');
is(post(SMS, $body, %$headers)->status, 200, 'it is brought once more');
is(post(SMS, $body, %$headers, 'X-Twilio-Signature' => 'forged')->status, 200,
    'a forged one cannot be told from it now');
is($parley->post('/v1/sms/create', { user_number => $user, agent_number =>
    $phone->number, message => 'x' })->status, 503,
    'what is no provider\'s is told to come again');
is(post(SMS, 'AccountSid=%zz', %$headers)->status, 400,
    'what nobody can read is refused');
my @kept = map { [ $_, Parley::Server::slurp($_) ] } waiting();
is(scalar(@kept), 7, 'the rest is kept');
ok(back(), 'the database is started again, and all of it is taken in');
is(said(), join('|', map { "text $_" } 1 .. 6), 'each text once, in order');
like($parley->api->log, qr/what was in the spool is refused: .*signature/,
    'but what was forged, as the log says');

put(@$_) for @kept;
ok(wait_until(PATIENCE, sub { !waiting() }),
    'a process that dies before it forgets them leaves them to the next');
is(said(), join('|', map { "text $_" } 1 .. 6), 'which stores nothing twice');

# --- In order.

{
	my $lock = lock_spool();
	put(@{ $kept[0] });
	is(text()->status, 200, 'a text that comes while others wait is taken');
	is(scalar(waiting()), 2, 'and goes behind them');
}
ok(wait_until(PATIENCE, sub { !waiting() }), 'it is stored after them');
is(said(), join('|', map { "text $_" } 1 .. 7), 'and not before');

# --- Statuses, and mail's events.

my $sent = 'SM' . '5' x 32;
$parley->sql("UPDATE message SET carrier_message_id = '$sent',"
    . " sender = 'AGENT', status = 'sent' WHERE text = 'text 7'");
my $smtp = $parley->post('/v1/carriers', { kind => 'smtp', name => 'Mail',
    base_url => 'smtp://mail.example.test', signing_key => MAIL_KEY })
    ->data->{id};
my $version = $phone->agent({ instructions => 'Help.' });
is($parley->post('/v1/email-addresses', { address => 'help@agents.test',
    carrier_id => $smtp, inbound_agent_version_id => $version })->status, 201,
    'an agent has an address');
my @ids = map { "X'" . s/-//gr . "'" } $parley->id, $thread;
$parley->sql('INSERT INTO mail_thread VALUES (' . join(', ', @ids,
    "'help\@agents.test'", "'ada\@example.test'", "'[]'") . ')');
ok(gone(), 'the database is killed once more');
is(bring(STATUS, MessageSid => $sent, MessageStatus => 'delivered')
    ->json->{status}, 'spooled', 'a status is taken');
is(mail('a')->status, 200, 'a mail is taken');
# It came when it was signed, and that is long ago.
my ($kept) = grep { Parley::Server::slurp($_) =~ m{^path: /v1/hooks/mail$}m }
    waiting();
put($kept, Parley::Server::slurp($kept) =~
    s/^received: \K.*/strftime('%FT%T.000Z', gmtime SIGNED)/emr);
is(mail('b')->status, 200, 'and one that was signed long before it came');
like(unsubscribe()->content, qr/You will get no more mail/,
    'who wants no more mail is told that there will be none');
is(unsubscribe('x' x 32)->status, 200, 'as is who has a forged token');
ok(back(), 'all are taken in');
is($parley->sql("SELECT status FROM message WHERE text = 'text 7'"),
    'delivered', 'the message is delivered');
is($parley->sql('SELECT COUNT(*) FROM mail_inbound'), 1, 'and so is the mail that came in time');

is($parley->sql('SELECT address FROM suppression'), 'ada@example.test',
    'and no more mail goes to who wants none');
like($parley->api->log, qr/is refused: .*no such subscription/i,
    'but a forged token is refused');

# --- Calls.

sub leads {
	for (@_) {
		return $_->[1]{action} if $_->[0] eq 'gather';
		return $_->[2] if $_->[0] eq 'redirect';
	}
	return;
}

# From whom they come, and to which number.
my %caller = (From => '+15553330002', To => $phone->number);
my @verbs = $phone->follow(undef, 'CA1', %caller);
is(Parley::Phone::said(@verbs), 'Hello!', 'a call comes in');
my $listens = leads(@verbs);
ok(gone(), 'the database is killed in the middle of it');
@verbs = $phone->follow($listens, 'CA1', %caller,
    SpeechResult => 'What do you have?');
is(join(' ', map { $_->[0] } @verbs), 'pause redirect',
    'what the user said is followed by a silence, and no end');
is(scalar(waiting()), 1, 'and kept');
@verbs = $phone->follow(leads(@verbs), 'CA1', %caller) for 1 .. 3;
is(scalar(waiting()), 1, 'that Twilio asks again is not');
my $asks = leads(@verbs);
my @hopeless = $phone->follow($asks =~ s/poll=\d+/poll=20/r, 'CA1', %caller);
is(join(' ', map { $_->[0] } @hopeless), 'say hangup',
    'after a while the call is ended with an apology');
my @new = $phone->follow(undef, 'CA2', %caller);
is(join(' ', map { $_->[0] } @new), 'pause redirect',
    'a call that begins now is not refused');
ok(back(), 'the database is back');
$parley->start_worker;
sub goes_on {
	my ($sid, $asks) = @_;
	my @verbs;
	wait_until(PATIENCE, sub {
		@verbs = $phone->follow($asks, $sid, %caller);
		$asks = leads(@verbs) // '';
		$verbs[0][0] ne 'pause';
	});
	return Parley::Phone::said(@verbs);
}
is(goes_on('CA1', $asks), 'We have tea.', 'the user is answered');
is(goes_on('CA2', leads(@new)), 'Hello!', 'and who called meanwhile greeted');

# --- What a person has to look at.

put("$spool/01234567-0123-7123-8123-0123456789ab", 'nonsense');
ok(wait_until(PATIENCE, sub { failed() == 1 }), 'a broken file is set aside');
Parley::Server::spew($parley->no_file, "[api]\nspool = $spool\n");
like($parley->cli('doctor'), qr/^warn spool: 1 could not be taken in/m,
    'and parley doctor says so');

# --- The process is killed over it.

my $before = said();
ok(gone(), 'once more');
text() for 1 .. 3;
my $lock = lock_spool();
$parley->database->again;
my $hold = hold($parley, 'SELECT * FROM conversation FOR UPDATE');
close $lock;
ok(wait_until(PATIENCE, sub { held_up($parley) }),
    'a process is in the midst of taking one in');
my @children = children($parley->api->pid);
kill KILL => @children;
ok(wait_until(PATIENCE, sub { !grep { -d "/proc/$_" } @children }),
    'and is killed');
is(scalar(waiting()), 3, 'nothing was forgotten');
$hold->release;
ok(wait_until(PATIENCE, sub { !waiting() }), 'the next one takes it in');
is(said(), join('|', $before, map { 'text ' . ($texts - 3 + $_) } 1 .. 3),
    'once and in order');

done_testing;
