# Many clocks of silence, of which many strike in one second: each strikes
# once, also when the worker is killed meanwhile, again and again, and those
# that are not due stay.
#
# PARLEY_TEST_TIMERS=100000 sets how many there are; a tenth of them strikes
# at once.
use v5.30;
use warnings;

use Parley::Bulk qw(converse work);
use Parley::Test;

use constant {
	TIMERS => $ENV{PARLEY_TEST_TIMERS} // 5000,
	# Those of the idle worker, in as many hundredths of a second.
	FEW => 200,
	KILLS => 6,
	# p99; other tests run beside this one.
	LATE_MOST => $ENV{PARLEY_TEST_TIMERS} ? 1 : 20,
	PATIENCE => $ENV{PARLEY_TEST_TIMERS} ? 300 : 100,
};

my $test = Parley::Test->new(start => 0);
my $storm = int TIMERS / 10;
my ($few, $killed, $all) = (FEW, FEW + $storm, FEW + 2 * $storm);
my $silence = q('{"seq":1,"stage":"timeout"}');

# An idle worker, and a few that strike one after another.
converse($test, $test, 1, FEW + TIMERS);
work($test, $test, $all + 1, FEW + TIMERS, kind => 'silence',
    due => 'UTC_TIMESTAMP(6) + INTERVAL 1 DAY', payload => $silence);
my $worker = $test->start_worker(PARLEY_WORKER_THREADS => 32,
    PARLEY_WORKER_CONNECTIONS => 8);
arm(1, $few, 10_000);
ok(struck($few), 'the few have struck');
my $late = late('the few', 1, $few);
cmp_ok($late, '<', LATE_MOST, 'and on time');

# A tenth in one second.
arm($few + 1, $killed, 1_000_000 / $storm);
ok(struck($killed), 'a tenth of all strike within one second');
late('the tenth', $few + 1, $killed);

# Another, and the worker dies again and again.  Leases are over at once.
my $before = done();
arm($killed + 1, $all, 1_000_000 / $storm);
my $kills = 0;
for my $kill (1 .. KILLS) {
	my $aim = $before + int $storm * $kill / (KILLS + 1);
	wait_until(PATIENCE, sub { done() >= $aim }) or last;
	$test->crash_worker($worker);
	$kills++;
	my $held = $test->sql("SELECT COUNT(*) FROM work
	    WHERE state = 'running'");
	note("killed after " . (done() - $before) . " while $held ran");
	$test->sql("UPDATE work SET due = UTC_TIMESTAMP(6)
	    WHERE state = 'running'");
	$worker->again;
}
is($kills, KILLS, 'the worker is killed while the next tenth strikes');
ok(struck($all), 'all of that tenth strike');

ok(wait_until(PATIENCE, sub { $test->sql("SELECT COUNT(*) FROM work
    WHERE kind = 'close'") == 0 }), 'what follows an end was done');
is($test->sql("SELECT COUNT(*), COUNT(DISTINCT subject_id) FROM work_done
    WHERE kind = 'silence' AND result LIKE '%struck%timeout%'"),
    "$all\t$all", 'each struck once');
is($test->sql("SELECT COUNT(*), COUNT(DISTINCT subject_id) FROM work_done
    WHERE kind = 'close'"), "$all\t$all",
    'and each end was followed by one close');
is($test->sql("SELECT COUNT(*) FROM conversation WHERE status = 'timeout'
    AND timed_out_at IS NOT NULL AND is_open IS NULL"), $all,
    'so many conversations have timed out');
is($test->sql("SELECT COUNT(*) FROM work w JOIN conversation c
    ON c.silence_work_id = w.id WHERE w.kind = 'silence'
    AND w.state = 'waiting' AND c.status = 'open'"), TIMERS - 2 * $storm,
    'and all others still wait');
is($test->sql("SELECT COUNT(*) FROM work WHERE state <> 'waiting'"), 0,
    'nothing is left over');
done_testing;

# From half a second from now on, $step microseconds apart.
sub arm {
	my ($first, $last, $step) = @_;
	work($test, $test, $first, $last, kind => 'silence',
	    due => 'UTC_TIMESTAMP(6) + INTERVAL 500000 + FLOOR('
	    . "(n - $first) * $step) MICROSECOND", payload => $silence);
}

sub done {
	return $test->sql("SELECT COUNT(*) FROM work_done
	    WHERE kind = 'silence'");
}

sub struck {
	my ($count) = @_;
	return wait_until(PATIENCE, sub { done() >= $count });
}

# By how many seconds: says the median, the 99th of a hundred and the most,
# and returns the second.
sub late {
	my ($name, $first, $last) = @_;
	my @late = sort { $a <=> $b } split /\n/, $test->sql(<<~"END");
		SELECT TIMESTAMPDIFF(MICROSECOND, d.due, d.updated_at) / 1e6
		FROM work_done d
		JOIN conversation c ON c.id = d.subject_id
		WHERE d.kind = 'silence'
		AND c.user_key BETWEEN CONCAT('+1557', LPAD($first, 7, '0'))
		AND CONCAT('+1557', LPAD($last, 7, '0'))
		END
	my ($median, $p99) = map { $late[int $#late * $_] } 0.5, 0.99;
	my $line = sprintf '%s: %d, late by %.3f s (median), %.3f s (p99),'
	    . ' %.3f s (most)', $name, scalar @late, $median, $p99, $late[-1];
	$ENV{PARLEY_TEST_TIMERS} ? diag($line) : note($line);
	return $p99;
}
