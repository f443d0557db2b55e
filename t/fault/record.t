# A worker is killed at each point between the claim of a piece and the
# record of what came of it: nothing is recorded, and another worker brings
# it to the end that it would have had, doing to the outside what must be
# done once only once.
use v5.30;
use warnings;

use Parley::Bulk qw(piece);
use Parley::Fault qw(hold lapse waits_for_table);
use Parley::Receiver;
use Parley::Server qw(run);
use Parley::Test;
use Parley::Twilio;

use constant {
	NUMBER => '+15550009999',
	ALLOW => '127.0.0.0/8',
	PATIENCE => 30,
};

my $test = Parley::Test->new(start => 0);
# Whose end is answered nobody.
my $other = Parley::Receiver->new;
my $receiver = Parley::Receiver->new;
my $twilio = Parley::Twilio->new;
add_number();

# What became of a piece, once it has ended, in SQL; %s is its conversation.
my %ends = (
    silence => "SELECT GROUP_CONCAT(m.text ORDER BY m.seq), c.status,
	(SELECT COUNT(*) FROM work w WHERE w.subject_id = c.id
	    AND w.kind IN ('close', 'send'))
	+ (SELECT COUNT(*) FROM work_done w WHERE w.subject_id = c.id
	    AND w.kind IN ('close', 'send'))
	FROM conversation c JOIN message m ON m.conversation_id = c.id
	WHERE c.id = %s",
    close => 'SELECT COUNT(*) FROM delivery WHERE conversation_id = %s',
    send => 'SELECT status, leaving_at IS NULL, carrier_message_id IS NOT NULL
	FROM message WHERE conversation_id = %s',
    deliver => 'SELECT d.delivered_at IS NOT NULL, COUNT(*),
	MAX(a.response_code) FROM delivery d JOIN delivery_attempt a
	ON a.delivery_id = d.id WHERE d.conversation_id = %s',
);

# The right end of each kind.
my %right = (
    silence => "Message to %d,Bye\ttimeout\t2",
    close => '1',
    send => "sent\t1\t1",
    deliver => "1\t1\t200",
);

# What holds the worker up, at which point: a table that it waits for, or an
# outside that does not answer; how often the outside is called in all.  A
# table that every worker sweeps is locked only when the outside, which is
# late, has been called: the sweep waits for it too, and nothing is claimed.
my @read = ('before it has read anything');
my @write = ('after all of it but the COMMIT', lock => 'work_done READ');
my @points = (
    [ silence => @read, lock => 'conversation WRITE' ],
    [ silence => 'between what it says and the end', lock =>
	'number_config WRITE' ],
    [ silence => @write ],
    [ close => @read, lock => 'conversation WRITE' ],
    [ close => 'before it writes', lock => 'delivery READ' ],
    [ close => @write ],
    [ send => @read, lock => 'conversation WRITE', calls => 1 ],
    [ send => 'while the carrier has not taken it', hang => 'hang',
	calls => 2 ],
    [ send => 'while the carrier has taken it', hang => 'hang-accepted',
	calls => 1 ],
    [ send => 'after the call, before it writes', hang => 'late',
	lock => 'receipt WRITE', calls => 1 ],
    [ send => @write, calls => 1 ],
    [ deliver => @read, lock => 'delivery WRITE', calls => 1 ],
    [ deliver => 'during the call', hang => 'hang', calls => 2 ],
    [ deliver => 'after the call, before it writes', lock =>
	'delivery_attempt READ', calls => 2 ],
    [ deliver => @write, calls => 2 ],
);

my $next = 0;
my $worker = start();
for my $point (@points) {
	my ($kind, $where, %of) = @$point;
	subtest "$kind, killed $where" => sub { kill_at($kind, %of) };
}
is($test->sql("SELECT COUNT(*) FROM work WHERE state IN ('dead', 'running')"),
    0, 'nothing is left behind');
done_testing;

sub kill_at {
	my ($kind, %of) = @_;
	# What the last one caused is not to meet the lock in its place.
	wait_until(PATIENCE, sub { is_idle() });
	my $calls = calls($kind);
	my $piece = make($kind);
	my $lock = $of{lock} && !$of{hang} ?
	    hold($test, "LOCK TABLES $of{lock}") : undef;
	order($kind, $of{hang});
	$test->sql("UPDATE work SET due = UTC_TIMESTAMP(6)"
	    . " WHERE id = X'$piece->{id}'");
	if ($of{lock} && $of{hang}) {
		wait_until(PATIENCE, sub { calls($kind) > $calls });
		$lock = hold($test, "LOCK TABLES $of{lock}");
	}
	ok(wait_until(PATIENCE, sub { $lock ?
	    waits_for_table($test) && is_begun($piece) :
	    calls($kind) > $calls && ($of{hang} ne 'hang-accepted'
	    || accepted($piece)) }), 'the worker is there');
	$test->crash_worker($worker);
	$lock->release('UNLOCK TABLES') if $lock;
	ok(wait_until(PATIENCE, sub { connections() == 0 }),
	    'it is gone, from the store too');
	is($test->sql('SELECT state, attempt FROM work WHERE id ='
	    . " X'$piece->{id}'"), "running\t1", 'nothing was recorded');
	lapse($test);
	$worker = start();
	ok(wait_until(PATIENCE, sub { is_done($piece) }),
	    'another worker does it');
	is($test->sql('SELECT attempt FROM work_done WHERE id ='
	    . " X'$piece->{id}'"), 2, 'at its second try');
	is($test->sql($ends{$kind} =~ s/%s/X'$piece->{conversation}'/r),
	    $right{$kind} =~ s/%d/$next/r, 'as it would have ended');
	return if !$of{calls};
	is(calls($kind) - $calls, $of{calls}, "$of{calls} times called");
	is(accepted($piece), 1, 'and taken once');
}

# Nothing is performed, and nothing is due.
sub is_idle {
	return $test->sql("SELECT COUNT(*) FROM work WHERE state = 'running' OR"
	    . " state = 'waiting' AND due <= UTC_TIMESTAMP(6)") == 0;
}

sub is_begun {
	my ($piece) = @_;
	return $test->sql("SELECT COUNT(*) FROM work WHERE id = X'$piece->{id}'"
	    . " AND state = 'running'");
}

sub start {
	return $test->start_worker(PARLEY_NET_ALLOW => ALLOW);
}

sub make {
	my ($kind) = @_;
	return piece($test, $test, ++$next, $kind, number => NUMBER,
	    url => $receiver->url("hook/$next"),
	    due => 'UTC_TIMESTAMP(6) + INTERVAL 1 DAY');
}

# The next call hangs.
sub order {
	my ($kind, $hang) = @_;
	return unless $hang;
	$kind eq 'send' ? $twilio->fail($hang) : $receiver->answer($hang);
}

# How often the outside was called to do something.
sub calls {
	my ($kind) = @_;
	return scalar($receiver->requests) if $kind eq 'deliver';
	return scalar grep { $_->{method} eq 'POST' } $twilio->calls;
}

# How often it was given to the outside, as whoever is there can tell: by the
# carrier's record, or by the id of the webhook.
sub accepted {
	my ($piece) = @_;
	return scalar grep { $_->{body} eq "Message to $next" }
	    $twilio->accepted if $piece->{kind} eq 'send';
	my %ids = map { $_->{headers}{'webhook-id'} => 1 }
	    grep { $_->{path} eq "/hook/$next" } $receiver->requests;
	return scalar keys %ids;
}

sub connections {
	return $test->sql("SELECT COUNT(*) FROM information_schema.processlist
	    WHERE db = DATABASE() AND user = 'parley_worker'");
}

sub is_done {
	my ($piece) = @_;
	return $test->sql('SELECT COUNT(*) FROM work_done WHERE id ='
	    . " X'$piece->{id}'");
}

# Its carrier is the one that hangs when it is told to, and its users are
# said farewell.
sub add_number {
	local %ENV = ($test->surroundings('parley_admin'),
	    PARLEY_NET_ALLOW => ALLOW);
	my $carrier = run([ $test->build . '/parley', qw(carrier add --account),
	    $test->id, qw(--kind twilio --name fake --account-sid),
	    $twilio->sid, '--base-url', $twilio->url ],
	    $twilio->token . "\n");
	chomp $carrier;
	$test->cli(qw(number add --account), $test->id, '--carrier', $carrier,
	    '--channels', 'sms', NUMBER);
	$test->sql("UPDATE number_config SET webhook = '${\ $other->url}',"
	    . " timeout_message = 'Bye' WHERE number = '${\ NUMBER}'");
}
