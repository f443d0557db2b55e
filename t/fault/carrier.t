# A carrier that answers 500, 429, with a reset or not at all as often as it
# accepts, and workers that are killed again and again: its own record shows
# each message once.
#
# A lost answer is waited for before the message is looked up, and failures
# are tried again by a schedule of hours.  After each kill, when nothing is
# under way to the carrier any more, all that is moved into the past.
use v5.30;
use warnings;

use Parley::Bulk qw(converse say_also uuid work);
use Parley::Server qw(run);
use Parley::Test;
use Parley::Twilio;

use constant {
	NUMBER => '+15550009999',
	ALLOW => '127.0.0.0/8',
	# One in ten conversations has a second message of the same text.
	CONVERSATIONS => $ENV{PARLEY_TEST_MESSAGES} ?
	    int $ENV{PARLEY_TEST_MESSAGES} / 1.1 : 910,
	KILLS => 12,
	FAILING => 0.5,
	SECONDS => 240,
};

my $test = Parley::Test->new(start => 0);
my $twilio = Parley::Twilio->new(random => FAILING);
my $twice = int CONVERSATIONS / 10;
my $all = CONVERSATIONS + $twice;
add_number();
order();

my $worker = $test->start_worker(PARLEY_NET_ALLOW => ALLOW,
    PARLEY_WORKER_THREADS => 32);
my $until = time + SECONDS;
my $tries = 0;
for my $kill (1 .. KILLS) {
	my $share = int $all / 8;
	wait_until(20, sub { $twilio->count >= $tries + $share
	    || waiting_now() == 0 });
	crash();
	$tries = $twilio->count;
	$worker->again;
}
cmp_ok(scalar $twilio->accepted, '>', $all / 2,
    'half a dozen kills later many have reached the carrier');
# Nobody who fails for ever is reached.
$twilio->heal;
while (left() > 0 && time < $until) {
	wait_until(5, sub { waiting_now() == 0 });
	crash();
	$worker->again;
}
is(left(), 0, 'no message waits any more');

my (%reached, %wrong);
$reached{"$_->{to} $_->{body}"}++ for $twilio->accepted;
for my $n (1 .. CONVERSATIONS) {
	my $times = delete $reached{
	    sprintf '+1557%07d Message to %d', $n, $n } // 0;
	my $wanted = $n <= $twice ? 2 : 1;
	$wrong{lost}++ if $times < $wanted;
	$wrong{again}++ if $times > $wanted;
}
is_deeply(\%wrong, {}, 'each message reached the carrier exactly once')
    or diag(explain(\%wrong));
is_deeply(\%reached, {}, 'and nothing else did');
is($test->sql("SELECT COUNT(*), COUNT(DISTINCT carrier_message_id)
    FROM message WHERE status = 'sent'"), "$all\t$all",
    'each has its own id of the carrier');
is($test->sql("SELECT COUNT(*) FROM work WHERE state = 'dead'"), 0,
    'none was given up');
is(join("\n", out_of_order()), '',
    "of a conversation's two the earlier one left first");
my %seen;
$seen{$_->{fault}}++ for $twilio->calls;
note("$_: $seen{$_}") for sort keys %seen;
is(scalar(grep { $seen{$_} } qw(500 500-accepted 429 503 reset
    reset-accepted lost)), 7, 'it failed in every way');
done_testing;

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
}

sub order {
	my %of = (number => NUMBER, status => 'pending');
	my @work = (kind => 'send', due => 'UTC_TIMESTAMP(6)');
	my $payload = 'CONCAT(\'{"message_id":"\', %s, \'","seq":%d,'
	    . '"starts_clock":false}\')';
	converse($test, $test, 1, CONVERSATIONS, %of);
	say_also($test, $test, 1, $twice, 2, CONVERSATIONS, %of);
	work($test, $test, 1, CONVERSATIONS, @work,
	    payload => sprintf $payload, uuid('message'), 1);
	work($test, $test, 1, $twice, @work, offset => CONVERSATIONS,
	    payload => sprintf $payload,
	    uuid('message', '(n + ' . CONVERSATIONS . ')'), 2);
}

# Ends the worker as a power cut would, waits until nothing is under way to
# the carrier, and lets an hour pass: leases end, pauses end, and what is
# tried again is due.
sub crash {
	$test->crash_worker($worker);
	$twilio->settle or BAIL_OUT('the carrier does not come to rest');
	$test->sql(<<~'END');
		UPDATE message SET leaving_at = leaving_at - INTERVAL 1 HOUR
		WHERE leaving_at IS NOT NULL;
		UPDATE work SET due = LEAST(due, UTC_TIMESTAMP(6))
		WHERE state IN ('waiting', 'running')
		END
}

sub left {
	return $test->sql("SELECT COUNT(*) FROM work
	    WHERE kind = 'send' AND state IN ('waiting', 'running')");
}

sub waiting_now {
	return $test->sql("SELECT COUNT(*) FROM work
	    WHERE kind = 'send' AND (state = 'running'
	    OR (state = 'waiting' AND due <= UTC_TIMESTAMP(6)
	    + INTERVAL 2 SECOND))");
}

# The carrier's record is in the order of acceptance.
sub out_of_order {
	my $n = 0;
	my %place = map { $_->{sid} => ++$n } $twilio->accepted;
	my %last;
	my @wrong;
	for ($test->rows('SELECT HEX(conversation_id), carrier_message_id'
	    . ' FROM message ORDER BY conversation_id, seq')) {
		my ($conversation, $sid) = @$_;
		push @wrong, $conversation
		    if ($last{$conversation} // 0) > ($place{$sid} // 0);
		$last{$conversation} = $place{$sid} // 0;
	}
	return @wrong;
}
