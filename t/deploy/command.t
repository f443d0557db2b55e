#!/usr/bin/perl
# The operator's command: what each prints, and what it says when it cannot.
use v5.30;
use warnings;

use File::Temp ();
use Parley::Server ();
use Parley::Test;

my $parley = Parley::Test->new(account => 0, start => 0);
my $directory = File::Temp->newdir('parley-XXXXXX', TMPDIR => 1);
my $id = qr/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/;
my $moment = qr/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;
my $missing = "$directory/missing";

# Runs it as $who; sets $out, $err and $status.
my ($out, $err, $status);
my $who = 'parley_admin';
my $input = '';
my %more;
sub parley {
	my (@words) = @_;
	my ($in, $one, $two) = map { File::Temp->new } 1 .. 3;
	print $in $input;
	$in->flush;
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		%ENV = ($parley->surroundings($who), %more);
		Parley::Server::redirect("$in", "$one", "$two");
		exec $parley->build . '/parley', @words or POSIX::_exit(127);
	}
	waitpid $pid, 0;
	$status = $? & 127 ? "signal $?" : $? >> 8;
	($out, $err) = map { Parley::Server::slurp("$_") } $one, $two;
	return $out =~ s/\n\z//r;
}

# It must work, and print only what matches.
sub works {
	my ($pattern, $name, @words) = @_;
	my $said = parley(@words);
	subtest $name => sub {
		is($status, 0, 'it ends with 0');
		is($err, '', 'nothing is wrong');
		like($said, $pattern, 'it prints what it should');
	};
	return $said;
}

# It must refuse, print nothing, and say what matches, as an error of ours.
sub refuses {
	my ($pattern, $name, @words) = @_;
	parley(@words);
	subtest $name => sub {
		is($status, 1, 'it ends with 1');
		is($out, '', 'it prints nothing');
		like($err, $pattern, 'it says why');
		is(join("\n", grep { !/^parley: / } split /\n/, $err), '',
		    'every line of it begins with its name');
	};
}

# It must see a wrong usage, and show the right one.
sub misused {
	my ($pattern, $name, @words) = @_;
	parley(@words);
	subtest $name => sub {
		is($status, 2, 'it ends with 2');
		is($out, '', 'it prints nothing');
		like($err, qr/\Aparley: $pattern/, 'it says what is wrong');
		like($err, qr/^(?:usage:|  migrate)/m, 'it shows what is right');
	};
}

sub lines { return map { [ split / {2,}/ ] } split /\n/, $out }

# --- Help.

my @commands = ('migrate', 'account add', 'account list', 'key add',
    'key list', 'key revoke', 'carrier add', 'carrier list', 'number add',
    'number list', 'text', 'pathway check', 'pathway run', 'work list',
    'work show', 'work retry', 'work drop', 'secret create', 'config', 'doctor');
works(qr/\Ausage: parley/, 'help shows the usage', 'help');
is_deeply([ $out =~ /^  ([a-z]+(?: [a-z]+)?) {2,}[A-Z]/gm ], \@commands,
    'help lists every command');
works(qr/\Ausage: parley/, '--help is the same', '--help');
works(qr/\Aparley \d+\.\d+\.\d+\z/, '--version shows one', '--version');
for my $command (@commands) {
	works(qr/\Ausage: parley $command\b/, "$command --help shows its usage",
	    split(/ /, $command), '--help');
}
parley(qw(help key add));
like($out, qr/\Ausage: parley key add --account/,
    'help of one shows its usage');
is($status, 0, 'and that is all');
misused('a command is missing', 'no command is one too few');
misused('there is no such command', 'an unknown command is refused', 'frob');
misused('a word is missing', 'half a command is refused', 'key');
misused('there is no such command', 'an unknown second word is refused',
    qw(key frob));
misused('there is no option --acount; did you mean --account\?',
    'an unknown option is refused', qw(key list --acount X));
misused('there is no option -a', 'a short option is refused',
    qw(key list -a X));
misused('--account is missing', 'an option that is needed is missed',
    qw(key list));
misused('--account needs a value', 'a value that is needed is missed',
    qw(key list --account));
misused('--account is given twice', 'an option is given once',
    qw(key list --account=X --account Y));
misused('this option has no value', 'a value too many is refused',
    qw(migrate --schema=yes));
misused('NAME is missing', 'a word that is needed is missed',
    qw(account add));
misused('b is one word too many', 'a word too many is refused',
    qw(account add a b));
misused('TO is missing', 'the second word as well',
    qw(text --account A +15550002222));
misused('d is one word too many', 'and a fourth where there are three',
    qw(text --account A a b c d));
misused('an argument is not text in UTF-8', 'bytes are refused',
    qw(account add), "a\xff");

# --- The schema.

works(qr/\Aup to date\z/, 'migrations are applied once', 'migrate');
works(qr/\ACREATE TABLE `account`.*^CREATE TABLE `work`.*;\z/ms,
    'the schema is printed', qw(migrate --schema));
$who = 'parley_api';
refuses(qr/denied.*\n.*all rights/, 'the API may not migrate', 'migrate');
refuses(qr/denied.*parley_admin/, 'the API may not make accounts',
    qw(account add Mine));
$who = 'parley_admin';
my $newest = $parley->sql('SELECT MAX(version) FROM schema_migration');
$parley->sql("DELETE FROM schema_migration WHERE version = $newest");
refuses(qr/version $newest is needed; run `parley migrate`/,
    'an old schema is not touched', qw(account list));
$parley->sql("INSERT INTO schema_migration (version, name, digest) "
    . "VALUES ($newest, 'x', 'x'), ($newest + 1, 'y', 'y')");
refuses(qr/install the newer Parley/, 'nor is a newer one',
    qw(account list));
refuses(qr/install the newer Parley/, 'nor is it migrated', 'migrate');
$parley->sql("DELETE FROM schema_migration WHERE version > $newest");
refuses(qr/was edited after it was applied/,
    'a migration that was edited is refused', 'migrate');

# --- Accounts.

my $account = works(qr/\A$id\z/, 'an account is made', qw(account add Demo));
my $other = works(qr/\A$id\z/, 'and another', 'account', 'add', 'Ünnamed');
refuses(qr/account Demo already/, 'a name is given once',
    qw(account add Demo));
refuses(qr/reads like an id/, 'an id is no name', qw(account add), $account);
refuses(qr/more than white space/, 'nor is white space', 'account', 'add',
    ' ');
refuses(qr/at most 255 characters/, 'nor is a long text', 'account', 'add',
    'a' x 256);
works(qr/\AID +CREATED +NAME\n/, 'accounts are listed', qw(account list));
my @listed = lines();
is_deeply([ map { [ @$_[0, 2] ] } @listed[1, 2] ],
    [ [ $account, 'Demo' ], [ $other, 'Ünnamed' ] ], 'with id and name');
like($listed[1][1], qr/\A$moment\z/, 'and when they were made');

# --- Keys.

my $secret = qr/pk_[0-9a-f]{32}_[0-9a-f]{64}/;
my $key = works(qr/\A$secret\z/, 'a key is made by name',
    qw(key add --account Demo));
my $second = works(qr/\A$secret\z/, 'and by id, with scopes and an end',
    qw(key add --name second --scopes), 'agents:read, keys:manage',
    qw(--expires 30d --account), $account);
works(qr/\A$secret\z/, 'an end may be a moment', qw(key add --account Demo
    --name third --expires 2999-01-01T00:00:00+01:00));
is($parley->sql("SELECT scopes FROM api_key WHERE name = 'second'"),
    '["agents:read","keys:manage"]', 'the scopes are stored');
is($parley->sql("SELECT ROUND(TIMESTAMPDIFF(SECOND, created_at, "
    . "expires_at) / 3600) FROM api_key "
    . "WHERE name = 'second'"), 720, 'and the end');
is($parley->sql("SELECT expires_at FROM api_key WHERE name = 'third'"),
    '2998-12-31 23:00:00.000000', 'in UTC');
refuses(qr/no account Nobody; `parley account list`/,
    'an account that is not there has no keys',
    qw(key add --account Nobody));
refuses(qr/numbers is no scope; there are agents:read/,
    'an unknown scope is refused', qw(key add --account Demo
    --scopes), 'admin,numbers');
refuses(qr/--scopes is empty/, 'no scope is refused',
    qw(key add --account Demo --scopes), ',');
refuses(qr/must be in the future/, 'an end that is over is refused',
    qw(key add --account Demo --expires 2020-01-01));
refuses(qr/no time for --expires/, "an end of $_ is refused",
    qw(key add --account Demo --expires), $_)
    for qw(soon 0d 1.5h -1d 36501d 9223372036854775807d d);
works(qr/\A\z/, 'a key is revoked by itself', qw(key revoke --account Demo),
    $second);
works(qr/\A\z/, 'twice is as good as once', qw(key revoke --account Demo),
    $second);
refuses(qr/no such key/, 'not by another account', 'key', 'revoke',
    '--account', $other, $key);
refuses(qr/neither the id of a key nor a key/, 'not by nonsense',
    qw(key revoke --account Demo nonsense));
works(qr/\AID +CREATED +EXPIRES +REVOKED +NAME +SCOPES\n/,
    'keys are listed', qw(key list --account Demo));
unlike($out, qr/$_/, 'without a secret')
    for map { /_(\w+)\z/ } $key =~ s/\Apk_\w{32}//r;
@listed = lines();
is_deeply([ map { [ $$_[2] eq '-', $$_[3] eq '-', @$_[4, 5] ] }
    @listed[1 .. 3] ], [
    [ 1, 1, 'operator', 'admin' ],
    [ '', '', 'second', 'agents:read,keys:manage' ],
    [ '', 1, 'third', 'admin' ] ], 'with all that is known');
works(qr/\A\z/, 'a key is revoked by its id', qw(key revoke --account Demo),
    $listed[1][0]);
is($parley->sql('SELECT COUNT(*) FROM api_key WHERE revoked_at IS NULL'), 1,
    'and no other');

# --- Carriers.

my $loopback = works(qr/\A$id\z/, 'a carrier is made',
    qw(carrier add --account Demo --kind loopback --name mine));
$input = "the-token\r\nand no more\n";
my $twilio = works(qr/\A$id\z/, 'a provider has a token, from its input',
    qw(carrier add --account Demo --kind twilio --name Twilio
    --account-sid AC1 --base-url https://api.example.org/));
like($parley->sql('SELECT credentials_sealed FROM carrier '
    . "WHERE provider_account = 'AC1'"), qr{\Av1\.[\w+/]+=*\z},
    'the token is sealed');
refuses(qr/twilio account AC1 is there already/,
    'the account of a provider is used once', qw(carrier add --kind twilio
    --name again --account-sid AC1 --account), $other);
$input = '';
refuses(qr/no token in its first line/, 'no token is refused',
    qw(carrier add --account Demo --kind twilio --name n --account-sid AC2));
refuses(qr/account_sid is required/, 'and no account of the provider',
    qw(carrier add --account Demo --kind twilio --name n));
refuses(qr/kind must be/, 'and an unknown kind',
    qw(carrier add --account Demo --kind pigeon --name n));
refuses(qr/base_url must be an absolute https URL/, 'and a bad address',
    qw(carrier add --account Demo --kind loopback --name n --base-url
    http://127.0.0.1/));
refuses(qr/missing: No such file/, 'and a token file that is not there',
    qw(carrier add --account Demo --kind twilio --name n --account-sid AC2
    --auth-token-file), $missing);
Parley::Server::spew("$directory/token", "another\n");
my @from_file = (qw(carrier add --account Demo --kind twilio --name
    file --account-sid AC2 --auth-token-file), "$directory/token");
my @livekit = (qw(carrier add --account Demo --kind livekit --name rooms
    --api-key APIdemo --base-url wss://rooms.example.org --api-secret-file),
    "$directory/token");
$more{PARLEY_SECRET_KEY_FILE} = '';
refuses(qr/parley secret create PATH/, 'without a key no token is kept',
    @from_file);
$more{PARLEY_SECRET_KEY_FILE} = $missing;
refuses(qr/missing: No such file/, 'nor with a key that is not there',
    @from_file);
%more = ();
works(qr/\A$id\z/, 'a token is taken from a file', @from_file);
works(qr/\AID +CREATED +KIND +NAME +ACCOUNT-SID +TOKEN +BASE-URL\n/,
    'carriers are listed', qw(carrier list --account Demo));
is_deeply([ map { [ @$_[0, 2 .. 6] ] } (lines())[1, 2] ], [
    [ $loopback, 'loopback', 'mine', '-', '-', '-' ],
    [ $twilio, 'twilio', 'Twilio', 'AC1', 'sealed',
    'https://api.example.org/' ] ], 'with all that is known');
unlike($out, qr/token/, 'but no token');
my $rooms = works(qr/\A$id\z/, 'LiveKit has its own names', @livekit);
is($parley->sql('SELECT provider_account, base_url FROM carrier WHERE kind ='
    . " 'livekit'"), "APIdemo\twss://rooms.example.org", 'for the same');
refuses(qr/base_url is required/, 'and stands somewhere', qw(carrier add
    --account Demo --kind livekit --name n --api-key APIother));
refuses(qr/has no numbers/, 'but has no numbers',
    qw(number add --account Demo --carrier), $rooms, '+15550001119');

works(qr/\A$id\z/, 'a mail server has a user, a password and a signing key',
    qw(carrier add --account Demo --kind smtp --name mail --base-url
    smtp://mail.example.org:587 --username parley --auth-token-file),
    "$directory/token", '--signing-key-file', "$directory/token");
is($parley->sql('SELECT username, credentials_sealed LIKE \'v1.%\','
    . ' signing_sealed LIKE \'v1.%\', credentials_sealed <> signing_sealed'
    . " FROM carrier WHERE kind = 'smtp'"), "parley\t1\t1\t1",
    'which are kept sealed');
works(qr/\A$id\z/, 'or none of them', qw(carrier add --account Demo --kind
    smtp --name relay --base-url smtp://relay.example.org));

# --- Mail from a pipe.

$input = "Subject: Hi\n\nHello\n";
for my $case ([ 64, 'without a recipient it is used wrongly' ],
    [ 64, 'as with one that is none', qw(--recipient nobody) ],
    [ 67, 'an address that nobody has is no user', qw(--recipient
    nobody@example.org) ]) {
	my ($wanted, $name, @options) = @$case;
	parley('mail-in', @options);
	is($status, $wanted, $name);
}
$more{PARLEY_DATABASE_SOCKET} = '/nowhere';
parley(qw(mail-in --recipient nobody@example.org));
is($status, 75, 'without the database it is to be tried again');
($input, %more) = ('');
parley(qw(mail-in --recipient nobody@example.org));
is($status, 65, 'nothing is no mail');

# --- Numbers.

my @add = qw(number add --account Demo --carrier);
works(qr/\A\z/, 'a number is added', @add, $loopback, '+15550001111');
works(qr/\A\z/, 'on other channels, by the name of its carrier', @add,
    'mine', '--channels', 'whatsapp,sms', '--label', 'The first',
    '+15550001112');
refuses(qr/has \+15550001111 already/, 'an account has a number once', @add,
    'mine', '+15550001111');
refuses(qr/has no carrier theirs/, 'its carrier has to be there', @add,
    'theirs', '+15550001113');
refuses(qr/has no carrier $loopback/, 'and to be its own', qw(number add
    --carrier), $loopback, '--account', $other, '+15550001113');
refuses(qr/must be a phone number in E\.164/, "$_ is no number", @add,
    'mine', $_) for qw(5550001111 +0123456789 +1555);
refuses(qr/fax is no channel; there are sms, whatsapp or imessage/,
    'fax is no channel', @add, 'mine', '--channels', 'sms,fax',
    '+15550001113');
refuses(qr/--channels is empty/, 'no channel is refused', @add,
    qw(mine --channels), '', '+15550001113');
works(qr/\A$id\z/, 'carriers may share a name',
    qw(carrier add --account Demo --kind loopback --name mine));
refuses(qr/2 carriers mine; name one by its id/,
    'but then it is no longer enough', @add, 'mine', '+15550001113');
works(qr/\ANUMBER +CREATED +CHANNELS +CARRIER +LABEL\n/,
    'numbers are listed', qw(number list --account Demo));
is_deeply([ map { [ @$_[0, 2 .. 4] ] } (lines())[1 .. 2] ], [
    [ '+15550001111', 'sms', 'mine', '-' ],
    [ '+15550001112', 'sms,whatsapp', 'mine', 'The first' ] ],
    'with all that is known');
is($parley->sql('SELECT COUNT(*), MIN(objective) FROM number_config'),
    "3\tChat with the user", 'every channel has its config');

# --- Texts that arrive.

my @text = qw(text --account Demo +15550002222);
my $talk = works(qr/\A$id\z/, 'a text arrives', @text, '+15550001111',
    'Grüß Gott');
is(works(qr/\A$id\z/, 'and another', @text, '+15550001111', '--', '-2'),
    $talk, 'in the same conversation');
is_deeply([ $parley->rows('SELECT m.seq, m.sender, m.status, m.text,'
    . ' c.user_key, c.agent_key, c.channel FROM message m'
    . ' JOIN conversation c ON c.id = m.conversation_id ORDER BY m.seq') ],
    [ [ 1, 'USER', 'NULL', 'Grüß Gott', '+15550002222', '+15550001111',
    'sms' ], [ 2, 'USER', 'NULL', '-2', '+15550002222', '+15550001111',
    'sms' ] ], 'as what the user said');
refuses(qr/no number \+15550009999 on the channel sms/,
    'to a number of the account', @text, '+15550009999', 'Hello');
refuses(qr/TO must be a phone number/, 'which must be one', @text, 'you',
    'Hello');
refuses(qr/MESSAGE must be/, 'and it says something', @text, '+15550001111',
    ' ');
refuses(qr/MESSAGE must be/, 'but not too much', @text, '+15550001111',
    'a' x 1601);
works(qr/\A\z/, 'a number may belong to a provider', @add, $twilio,
    '+15550001119');
refuses(qr/does not belong to a loopback carrier/,
    'whose texts come from elsewhere', @text, '+15550001119', 'Hello');
refuses(qr/no account Nobody/, 'the account has to be there',
    qw(text --account Nobody +15550002222 +15550001111 Hello));
is($parley->sql('SELECT COUNT(*) FROM message'), 2, 'nothing else is stored');

# --- Work.  Nobody performs it here.

sub work_row {
	my ($number, $kind, $state, $payload, $minutes) = @_;
	my $work = sprintf '01930000-0000-7000-8000-%012d', $number;
	my $owner = $number < 5 ? $account : $other;
	my %hex = (id => $work, owner => $owner, talk => $talk);
	s/-//g for values %hex;
	$parley->sql('INSERT INTO work (id, account_id, subject_id, kind,'
	    . ' state, due, attempt, payload, reason, created_at, updated_at)'
	    . " VALUES (X'$hex{id}', X'$hex{owner}', X'$hex{talk}', '$kind',"
	    . " '$state', UTC_TIMESTAMP(6) + INTERVAL $minutes MINUTE, 3,"
	    . " '$payload', IF('$state' = 'dead', 'it broke', NULL),"
	    . ' UTC_TIMESTAMP(6) - INTERVAL 1 HOUR,'
	    . ' UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE)');
	$parley->sql('INSERT INTO work_attempt VALUES'
	    . " (X'$hex{owner}', X'$hex{id}', 1, 'again', 'it was late',"
	    . ' UTC_TIMESTAMP(6))');
	return $work;
}

sub work_is {
	my ($work) = @_;
	return $parley->sql('SELECT state, attempt, due <= UTC_TIMESTAMP(6)'
	    . " FROM work WHERE id = X'" . $work =~ s/-//gr . "'");
}

# A message of the agent's, and the order to send it.
sub leaving {
	my ($seq, $status) = @_;
	my ($account_hex, $talk_hex) = map { s/-//gr } $account, $talk;
	my $message = sprintf '01930000-0000-7000-8000-1000000000%02d', $seq;
	$parley->sql('INSERT INTO message (account_id, conversation_id, seq,'
	    . ' id, sender, status, text, error_code, work_id, segments,'
	    . ' encoding, created_at)'
	    . " SELECT account_id, conversation_id, $seq,"
	    . " X'" . $message =~ s/-//gr . "', 'AGENT', '$status', 'Bye',"
	    . " IF('$status' = 'failed', '30008', NULL), work_id, 1, encoding,"
	    . " created_at FROM message WHERE account_id = X'$account_hex'"
	    . " AND conversation_id = X'$talk_hex' AND seq = 1");
	return qq({"message_id": "$message", "seq": $seq,)
	    . ' "starts_clock": false}';
}

sub message_is {
	my ($seq) = @_;
	return $parley->sql('SELECT status, error_code, leaving_at IS NULL'
	    . " FROM message WHERE seq = $seq");
}

$parley->sql('DELETE FROM work');
my $dead = work_row(1, 'close', 'dead', '{"reason": "r"}', -5);
my $late = work_row(2, 'silence', 'waiting', '{}', 60);
my $running = work_row(3, 'deliver', 'running', '{}', 1);
my $failed = work_row(4, 'send', 'dead', leaving(3, 'failed'), -4);
my $foreign = work_row(5, 'close', 'waiting', '{}', 30);
my @work = qw(work list);
sub listed { return join ' ', map { $_->[0] } (lines())[1 .. lines() - 1] }
works(qr/\AID +STATE +DUE +KIND +ATTEMPTS +ACCOUNT +REASON\n/,
    'work is listed', @work);
is(listed(), "$dead $failed $running $foreign $late",
    'what is dead, what runs, and what waits, by when it is due');
is_deeply([ @{ (lines())[1] }[0, 1, 3 .. 6] ],
    [ $dead, qw(dead close 3 Demo), 'it broke' ], 'with all that is known');
works(qr/./, 'that of an account', @work, qw(--account), $other);
is(listed(), $foreign, 'alone');
works(qr/./, 'in a state', @work, qw(--state waiting));
is(listed(), "$foreign $late", 'alone');
works(qr/./, 'of a kind', @work, qw(--kind close --account Demo));
is(listed(), $dead, 'alone');
refuses(qr/frob is no kind of work; there are turn, send/,
    'of a kind that there is', @work, qw(--kind frob));
refuses(qr/$_ is not listed; what is waiting, running or dead is/,
    "what is $_ is not listed", @work, '--state', $_) for qw(done odd);
works(qr/^state +dead\n.*^reason +it broke\n.*^1 +$moment +again +it was late/ms,
    'one is shown', qw(work show), $dead);
my $hex = $late =~ s/-//gr;
$parley->sql('INSERT INTO work_done SELECT account_id, id, subject_id, kind,'
    . ' due, attempt, payload, result, created_at, updated_at FROM work'
    . " WHERE id = X'$hex'; DELETE FROM work WHERE id = X'$hex'");
works(qr/^state +done$/m, 'also when it is done', qw(work show), $late);
for my $what (qw(show retry drop)) {
	refuses(qr/not the id/, "an id is needed to $what it", 'work', $what,
	    'it');
	refuses(qr/no such work/, "one that is there, to $what it", 'work',
	    $what, $talk);
}
refuses(qr/no such work/, 'what is done is not tried again',
    qw(work retry), $late);
refuses(qr/it is not dead/, 'nor what runs', qw(work retry), $running);
refuses(qr/it is not dead/, 'nor what waits', qw(work retry), $foreign);
refuses(qr/runs or is done/, 'what runs is not dropped', qw(work drop),
    $running);
works(qr/\A\z/, 'what is dead is tried again', qw(work retry), $dead);
is(work_is($dead), "waiting\t0\t1", 'now, and from the beginning');
works(qr/\A(?!.*it was late)/s, 'without its attempts', qw(work show),
    $dead);
works(qr/\A\z/, 'a message that failed is tried again', qw(work retry),
    $failed);
is(message_is(3), "queued\tNULL\t0", 'when its carrier was asked for it');
works(qr/\A\z/, 'what waits is dropped', qw(work drop), $failed);
is(work_is($failed), '', 'and is gone');
is(message_is(3), "failed\tDROPPED\t1", 'and its message has failed');
works(qr/\A\z/, 'that of any account', qw(work drop), $foreign);
$parley->sql("UPDATE work SET state = 'dead'");
works(qr/\A\z/, 'what is dead, too', qw(work drop), $dead);
is($parley->sql('SELECT COUNT(*) FROM work'), 1, 'and nothing else is gone');
is($parley->sql('SELECT COUNT(*) FROM work_attempt'), 2,
    'but what was tried of it');
$who = 'parley_worker';
refuses(qr/no such work/, 'the rights of parley_worker are enough',
    qw(work retry), $dead);
$who = 'parley_admin';

# --- Key files and the configuration.

works(qr/\A\z/, 'a key file is made', qw(secret create), "$directory/key");
is((stat "$directory/key")[2] & 07777, 0600, 'that only its owner can read');
like(Parley::Server::slurp("$directory/key"), qr/\A[0-9a-f]{64}\n\z/,
    'with 256 bits');
refuses(qr/File exists; a key is never overwritten/,
    'it is never overwritten', qw(secret create), "$directory/key");
refuses(qr/No such file/, 'it needs a directory', qw(secret create),
    "$missing/key");
works(qr/^password +\= \(hidden\) +# from the environment$/m,
    'the configuration is printed, without secrets', 'config');
works(qr/^#socket =$/m, 'and an example of it', qw(config --example));
Parley::Server::spew("$directory/parley.ini", "[api]\nchildren = many\n");
for my $words ([ '--config', "$directory/parley.ini", 'config' ],
    [ 'config', "--config=$directory/parley.ini" ]) {
	refuses(qr/parley\.ini:2.*children must be an integer/,
	    'a mistake in a file is named', @$words);
}
%more = (PARLEY_API_CHILDREN => 'many', PARLEY_DATABASE_PORT => 0);
refuses(qr/(?=.*PARLEY_API_CHILDREN).*PARLEY_DATABASE_PORT/s,
    'and every one of the environment', 'account', 'list');

# --- The doctor.

# What it found wrong: check => what.
sub doctor {
	parley('doctor', @_);
	return { $out =~ /^FAIL ([^:\n]+): (.+)$/gm };
}

is_deeply([ sort keys %{ doctor() } ], [ 'configuration' ],
    'the doctor sees a bad configuration');
is($status, 1, 'and fails');
like($out, qr/^skip database: needs the configuration$/m,
    'and skips what it cannot see');
%more = (PARLEY_HTTP_PUBLIC_URL => 'https://parley.example.org');
$who = 'parley_api';
my $found = doctor();
is_deeply($found, {}, 'the rights of parley_api are enough');
is($status, 0, 'a doctor that found nothing ends well');
is($err, '', 'and says so on standard output');
like($out, qr/^ok   $_\b/m, "$_: it looked") for 'configuration', 'database',
    'database version', 'migrations', 'rights', 'rights on keys',
    'storage engine', 'clock', 'database connections', 'secret key file',
    'public URL', 'open files', 'time zones';
like($out, qr/^warn language model: there is none, so agents answer only/m,
    'a model may be missing');
{
	local @more{qw(PARLEY_LLM_URL PARLEY_LLM_MODEL PARLEY_LLM_KEY)} =
	    ('http://127.0.0.1:9/v1', 'model-1', 'sk-1');
	is_deeply(doctor(), {}, 'one that is configured is not asked');
	like($out, qr{^ok   language model \(model-1 at http://127}m,
	    'but named');
	unlike($out, qr/sk-1/, 'without its key');
	$more{PARLEY_LLM_TIMEOUT} = 300;
	doctor();
	like($out, qr/^warn language model: .* 300 s, and a worker has 120/m,
	    'a worker must outlive its answer');
	delete $more{PARLEY_LLM_TIMEOUT};
	like($out, qr/^warn spool: there is none/m, 'a spool may be missing');
	local $more{PARLEY_API_SPOOL} = "$missing/spool";
	like(doctor()->{spool}, qr/\Q$missing\E/,
	    'but not where one is named');
}
$who = 'parley_worker';
is_deeply(doctor(), {}, 'so are those of parley_worker');
like($out, qr/^warn rights on keys: .* lacks INSERT on api_key/m,
    'which cannot make keys');

$who = 'nobody';
like(doctor()->{database}, qr/Access denied/, 'a wrong user is seen');
like($out, qr/do: set \[database\] user/, 'and what to do');
$who = 'parley_admin';
$more{PARLEY_DATABASE_SOCKET} = $missing;
like(doctor()->{database}, qr/\Q$missing\E: No such file/,
    'a database that is down is seen');
like($out, qr/do: start the server/, 'and what to do');
like($out, qr/^ok   time zones/m, 'and the rest is looked at');
refuses(qr/\Q$missing\E says: Can't connect.*parley doctor/,
    'a command without a database says where it tried', qw(account list));
refuses(qr/not migrated/, 'and nothing is migrated', 'migrate');
delete $more{PARLEY_DATABASE_SOCKET};

$who = 'parley_api';
$parley->sql("REVOKE DELETE ON message FROM 'parley_api'\@'localhost'");
is_deeply(doctor(), { rights => 'parley_api lacks DELETE on message' },
    'a right that is missing is named');
$who = 'parley_admin';
$parley->sql('CREATE TABLE odd (id BIGINT) ENGINE=MyISAM');
is_deeply(doctor(), { 'storage engine' => 'not InnoDB: odd (MyISAM)' },
    'so is a table without transactions');
$parley->sql('DROP TABLE odd');
$parley->sql("DELETE FROM schema_migration WHERE version = $newest");
like(doctor()->{migrations}, qr/and $newest is needed/,
    'so is a migration that is missing');
$parley->sql("INSERT INTO schema_migration (version, name, digest) "
    . "VALUES ($newest, 'x', 'x')");
for ([ 'database connections', PARLEY_API_CHILDREN => 1000 ],
    [ 'public URL', PARLEY_HTTP_PUBLIC_URL => 'http://example.org' ],
    [ 'secret key file', PARLEY_SECRET_KEY_FILE => $missing ],
    [ 'user of parley-api', PARLEY_API_USER => 'nobody-at-all' ]) {
	my ($check, $name, $value) = @$_;
	local $more{$name} = $value;
	is_deeply([ keys %{ doctor() } ], [ $check ],
	    "$name of $value is seen");
}
is_deeply([ keys %{ doctor('--socket', $_) } ], [ 'socket' ],
    "there is no socket at $_") for "$directory/key", "$missing/socket",
    '/tmp/' . 'a' x 110;
is_deeply(doctor('--socket', "$directory/socket"), {},
    'but where there is a directory');

done_testing;
