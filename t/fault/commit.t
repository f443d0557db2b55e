# A COMMIT whose answer is lost, which may or may not have been done: the
# request is answered all the same, and its message is stored once.  Between
# parley-api and the database stands a proxy that breaks the connection at
# that moment.  Also what else makes a transaction run again: a deadlock, and
# a lock that is waited for too long.
use v5.30;
use warnings;

use IO::Select ();
use IO::Socket::UNIX ();

use Parley::Fault qw(broken create crowd_end crowd_start held_up hold
    watch_silence PATIENCE USER);
use Parley::Test;

my $test = Parley::Test->new(start => 0);
my $directory = $test->directory;
my $proxy = proxy("$directory/proxy.sock", $test->database->socket);
$test->{environment}{PARLEY_DATABASE_SOCKET} = "$directory/proxy.sock";
$test->start;
watch_silence($test);

# How a message is sent, and whether its conversation is new.
my @kinds = (
    [ 'a message' => [] ],
    [ 'a message with an Idempotency-Key' => [ 'Idempotency-Key' ] ],
    [ 'a message with an id of the carrier' => [ 'message_sid' ] ],
);

# What happens to the COMMIT; at its moment, there is the file of that name.
my @accidents = (
    [ done => 'was done' ],
    [ lost => 'never arrived' ],
    [ late => 'is done while it is asked after' ],
);

my $next = 0;
for (@accidents) {
	my ($accident, $what) = @$_;
	for my $kind (@kinds) {
		for my $old (0, 1) {
			try_one($accident, $what, @$kind, $old);
		}
	}
}

# Other requests that change something.
arm('done');
is($test->patch('/v1/phone-numbers/' . ($test->number =~ s/\+/%2B/r),
    { label => 'changed' })->status, 200,
    'a change that may be made twice is answered');
ok(disarmed('done'), 'after its COMMIT was lost');

# What says something, hands over and gives back: each is done once, and
# answered as it was done.
for (@accidents[0, 1]) {
	my ($accident, $what) = @$_;
	my %pair = (user_number => '+155533398' . ++$next,
	    agent_number => $test->number);
	my $id = create($test, %pair)->{conversation};
	my $its = "/v1/sms/conversations/$id";
	for ([ 'words' => '/v1/sms/send', { %pair, agent_message => 'one' } ],
	    [ 'a turn of the agent' => '/v1/sms/send', { %pair } ],
	    [ 'the same turn' => '/v1/sms/send', { %pair,
		objective => 'Sell' } ],
	    [ 'words of a person' => "$its/messages", { message => 'two' } ],
	    [ 'a handoff' => "$its/handoff", {}, already_active => 0 ],
	    [ 'its end' => "$its/resume", { message => 'three' },
		was_active => 1 ]) {
		my ($name, $path, $body, $field, $wanted) = @$_;
		arm($accident);
		my $answer = $test->post($path, $body);
		like($answer->status, qr/^20[02]$/,
		    "$name whose COMMIT $what: answered");
		ok(disarmed($accident), '... its connection was broken');
		is($answer->data->{$field} ? 1 : 0, $wanted, "... $field")
		    if $field;
	}
	my $shown = $test->conversation($id);
	is(join(' ', map { $_->{message} } @{ $shown->{messages} }),
	    'Hello one two three', 'each is said once');
	is($shown->{objective}, 'Sell', 'what was given is kept');
	is($test->sql("SELECT COUNT(*) FROM work WHERE kind = 'turn' AND"
	    . " subject_id = UNHEX(REPLACE('$id', '-', ''))"), 1,
	    'and the agent takes one turn');
}

# The API takes its locks and then waits for ours; then we want one of its
# own, and are the one who has done more.
{
	my $text = 'deadlock';
	my $before = deadlocks();
	$test->sql('INSERT IGNORE INTO number_count SELECT id, \'sms\','
	    . " '${\ $test->number}', seq, 0 FROM account, seq_0_to_15");
	my $other = hold($test, 'UPDATE number_count SET number = number;'
	    . 'INSERT INTO idempotency SELECT id, UNHEX(SHA2(seq, 256)),'
	    . " '', 0, '', '2100-01-01' FROM account, seq_1_to_500");
	my $sent = crowd_start(1, sub {
		create($test, message => $text, user_number => '+15553331000')
	});
	ok(wait_until(PATIENCE, sub { held_up($test) == 1 }),
	    'a request waits for a lock');
	$other->say('SELECT id FROM conversation WHERE'
	    . " user_key = '+15553331000' FOR UPDATE");
	$other->release;
	my ($answer) = crowd_end($sent);
	is($answer->{status}, 200, 'a request that met a deadlock is answered');
	cmp_ok(deadlocks(), '>', $before, 'there was one');
	is(stored($text), 1, 'its message is stored once');
}

{
	my $text = 'long wait';
	create($test);
	my $other = hold($test, 'SELECT id FROM conversation'
	    . " WHERE user_key = '${\ USER}' AND is_open = 1 FOR UPDATE");
	my $sent = crowd_start(1, sub { create($test, message => $text) });
	my $first;
	wait_until(PATIENCE, sub { $first = waiting() });
	ok($first, 'a request waits for a lock');
	ok(wait_until(PATIENCE, sub { (waiting() || $first) ne $first }),
	    'for too long, and tries again');
	$other->release;
	my ($answer) = crowd_end($sent);
	is($answer->{status}, 200, 'it is answered in the end');
	is(stored($text), 1, 'its message is stored once');
}

is(join("\n", broken($test)), '', 'the store is whole');

# A worker claims a turn, records it, and then what the carrier said of its
# words, which leave by the same thread: each COMMIT may be the one.
my $worked = Parley::Test->new;
my $pathway = $worked->post('/v1/pathway/create', { name => 'One' })
    ->json->{pathway_id};
$worked->post("/v1/pathway/$pathway/version", { name => 'One', edges => [],
    nodes => [ { id => 'one', type => 'Default', data => { name => 'One',
    isStart => JSON::PP::true, text => 'Hello' } } ] });
$worked->post("/v1/pathway/$pathway/publish", { version_id => 1 });
$worked->set(pathway_id => $pathway, debounce => 0);
for (@accidents[0, 1]) {
	my ($accident, $what) = @$_;
	take_turn($accident, $what, $_) for 0 .. 2;
}

done_testing;

sub try_one {
	my ($accident, $what, $name, $fields, $old) = @_;
	my $text = 'text ' . ++$next;
	my $user = "+155533399$next";
	my $is = $old ? 'in a conversation' : 'in a new conversation';
	create($test, user_number => $user) if $old;
	arm($accident);
	my @fields = (message => $text, user_number => $user,
	    sender => 'AGENT', map { $_ => "id-$next" } @$fields);
	my $sent = crowd_start(1, sub { create($test, @fields) });
	if ($accident eq 'late') {
		# Those who ask wait for the COMMIT, or have their answer;
		# it must not be the wrong one.
		wait_until(PATIENCE, sub { disarmed('late')
		    && (held_up($test) || -e "$directory/answered") });
		Parley::Server::spew("$directory/go", '');
	}
	my ($answer) = crowd_end($sent);
	is($answer->{status}, 200, "$name $is whose COMMIT $what: answered")
	    or diag($answer->{body});
	ok(disarmed($accident), '... its connection was broken');
	is(stored($text), 1, '... it is stored once');
	is($test->sql("SELECT HEX(id) FROM message WHERE text = '$text'"),
	    uc(($answer->{message} // '') =~ s/-//gr), '... as answered');
	return unless @$fields;
	my $again = create($test, @fields);
	is($again->{body}, $answer->{body}, '... and answered again, the same');
}

sub take_turn {
	my ($accident, $what, $which) = @_;
	my $user = '+155533397' . ++$next;
	my $id = $worked->post('/v1/sms/send', { user_number => $user,
	    agent_number => $worked->number })->data->{conversation_id};
	my $its = "X'" . ($id =~ s/-//gr) . "'";
	arm($accident);
	Parley::Server::spew("$directory/pass-$_", '') for 1 .. $which;
	my $worker = $worked->start_worker(
	    PARLEY_DATABASE_SOCKET => "$directory/proxy.sock");
	ok(wait_until(PATIENCE, sub { $worked->sql('SELECT COUNT(*) FROM'
	    . " work_done WHERE kind IN ('turn', 'send') AND subject_id = $its")
	    == 2 }), "a turn of which COMMIT $which $what is taken and sent");
	ok(disarmed($accident), '... its connection was broken');
	is($worked->sql("SELECT GROUP_CONCAT(sender, ' ', status) FROM message"
	    . " WHERE conversation_id = $its"), 'AGENT delivered',
	    '... it is said once');
	is($worked->sql('SELECT COUNT(*) FROM loopback_message WHERE to_number'
	    . " = '$user'"), 1, '... the carrier has it once');
	# It says of each what came of it before it ends.
	$worker->stop;
	my ($whose) = $worker->log =~ /warning: (?:(\S{36}) )?the answer to a/;
	like($worker->log, ($which == 0 ? qr/ warning: the answer/ :
	    $which == 1 ? qr/ \Q$whose\E turn / : qr/ \Q$whose\E send /),
	    '... it was the one that was meant');
}

sub stored {
	my ($text) = @_;
	return $test->sql("SELECT COUNT(*) FROM message WHERE text = '$text'");
}

sub deadlocks {
	my $line = $test->sql("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'");
	return (split ' ', $line)[1];
}

# The transaction that waits for a lock; not asked too often, see held_up.
sub waiting {
	return $test->sql(<<~'END');
		DO GET_LOCK('held_up', 60);
		DO SLEEP(0.12);
		SELECT t.trx_id, t.trx_started FROM
		information_schema.innodb_trx t
		JOIN information_schema.processlist p
		ON p.id = t.trx_mysql_thread_id
		WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()
		END
}

# --- The proxy.

sub arm {
	my ($accident) = @_;
	unlink map { "$directory/$_" } qw(go answered);
	Parley::Server::spew("$directory/$accident", '');
}

sub disarmed {
	my ($accident) = @_;
	return !-e "$directory/$accident";
}

# A process for each connection; all of them end with this one.
sub proxy {
	my ($path, $server) = @_;
	my $listener = IO::Socket::UNIX->new(Local => $path, Listen => 128)
	    or die "$path: $!";
	chmod 0777, $path;
	pipe my $end, my $alive or die "pipe: $!";
	my $pid = fork // die "fork: $!";
	return $alive if $pid;
	close $alive;
	local $SIG{CHLD} = 'IGNORE';
	my $select = IO::Select->new($listener, $end);
	while (!grep { $_ == $end } $select->can_read) {
		my $client = $listener->accept or next;
		next if fork;
		relay($client, IO::Socket::UNIX->new(Peer => $server), $end);
		POSIX::_exit(0);
	}
	POSIX::_exit(0);
}

sub relay {
	my ($client, $server, $end) = @_;
	my $select = IO::Select->new($client, $server // return, $end);
	my $from_client = '';
	for (;;) {
		for my $ready ($select->can_read) {
			return if $ready == $end;
			sysread $ready, my $bytes, 65536 or return;
			if ($ready == $server) {
				syswrite $client, $bytes;
				Parley::Server::spew("$directory/answered", '')
				    if -e "$directory/asking";
				next;
			}
			$from_client .= $bytes;
			while (length(my $packet = packet(\$from_client))) {
				return if accident($packet, $client, $server);
				syswrite $server, $packet;
			}
		}
	}
}

# Cuts the first packet off, with its head; '' while it is not complete.
sub packet {
	my ($buffer) = @_;
	return '' if length $$buffer < 4;
	my $size = 4 + unpack 'V', substr($$buffer, 0, 3) . "\0";
	return '' if length $$buffer < $size;
	return substr $$buffer, 0, $size, '';
}

# Does the armed accident to a COMMIT, and says so.
sub accident {
	my ($packet, $client, $server) = @_;
	return 0 if substr($packet, 4) ne "\x03COMMIT";
	return 0 if unlink((glob "$directory/pass-*")[0] // ());
	if (unlink "$directory/done") {
		syswrite $server, $packet;
		sysread $server, my $ok, 65536;
		return 1;
	}
	return 1 if unlink "$directory/lost";
	return 0 unless unlink "$directory/late";
	Parley::Server::spew("$directory/asking", '');
	close $client;
	wait_until(PATIENCE, sub { -e "$directory/go" });
	syswrite $server, $packet;
	sysread $server, my $ok, 65536;
	unlink "$directory/asking";
	return 1;
}
