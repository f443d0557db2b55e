#!/usr/bin/perl
# Workers are killed while much is due: nothing is lost, nothing is done
# twice; and two of them share the work.
use v5.30;
use warnings;

use Parley::Test;
use Time::HiRes qw(time);

use constant {
	TIMERS => 2000,
	KILLS_MOST => 8,
	PATIENCE => 300,
};

my $parley = Parley::Test->new(environment => {
    PARLEY_WORKER_THREADS => 32, PARLEY_WORKER_CONNECTIONS => 8 });
my $created = $parley->create(user_number => '+15556000000',
    sender => 'AGENT', time_out => 86400)->data;

# As many copies of the conversation that was made, all of whose clocks are
# due.
sub fill {
	my ($first, $count) = @_;
	my $c = "UNHEX(REPLACE('$created->{conversation_id}', '-', ''))";
	my %columns = map { $_->[0] => 1 } $parley->rows('SELECT column_name'
	    . ' FROM information_schema.columns WHERE table_name ='
	    . " 'conversation' AND table_schema = DATABASE()");
	my %made = (id => "UNHEX(CONCAT('0190', LPAD(HEX(n.seq), 28, '0')))",
	    user_key => "CONCAT('+1557', LPAD(n.seq, 7, '0'))",
	    silence_work_id =>
	    "UNHEX(CONCAT('0191', LPAD(HEX(n.seq), 28, '0')))");
	my @names = sort keys %columns;
	my $names = join ', ', @names;
	my $values = join ', ', map { $made{$_} // "o.$_" } @names;
	my $last = $first + $count - 1;
	$parley->sql(<<~END);
		BEGIN;
		INSERT INTO conversation ($names) SELECT $values
		FROM conversation o JOIN seq_${first}_to_$last n
		WHERE o.id = $c;
		INSERT INTO message (account_id, conversation_id, seq, id,
		sender, text, segments, encoding, work_id, created_at)
		SELECT m.account_id, $made{id}, m.seq,
		UNHEX(CONCAT('0192', LPAD(HEX(n.seq), 28, '0'))), m.sender,
		m.text, m.segments, m.encoding, $made{silence_work_id},
		m.created_at FROM message m
		JOIN seq_${first}_to_$last n WHERE m.conversation_id = $c;
		INSERT INTO work (id, account_id, subject_id, kind, state, due,
		attempt, payload, created_at, updated_at)
		SELECT $made{silence_work_id}, w.account_id, $made{id},
		w.kind, 'waiting', UTC_TIMESTAMP(6), 0, w.payload,
		w.created_at, w.updated_at FROM work w
		JOIN seq_${first}_to_$last n WHERE w.subject_id = $c;
		COMMIT
		END
}

sub count { return $parley->sql("SELECT COUNT(*) FROM $_[0]") + 0 }

# What is not done yet, but for the one in the future.
sub left { return count("work WHERE due < UTC_TIMESTAMP(6) + INTERVAL"
    . " 1 HOUR OR state = 'running'") }

# What a worker held whose lease has run out.
sub lapse {
	$parley->sql("UPDATE work SET due = UTC_TIMESTAMP(6) - INTERVAL 1"
	    . " SECOND WHERE state = 'running'");
}

# Each clock has struck once: it has one end, and one closing work.
sub whole {
	my ($count, $name) = @_;
	is(count("conversation WHERE status = 'timeout'"), $count,
	    "$name: each clock has struck, none is lost");
	is(count("work_done WHERE kind = 'silence' AND JSON_VALUE(result,"
	    . " '\$.struck') = 'timeout'"), $count, "$name: and only once");
	is(count("work_done WHERE kind = 'close'"), $count,
	    "$name: each end has its one closing work");
	is(count('(SELECT 1 FROM work_done WHERE kind = \'close\' GROUP BY'
	    . ' subject_id HAVING COUNT(*) > 1) twice'), 0,
	    "$name: and none has two");
	is(count("work WHERE state = 'dead'"), 0, "$name: none was given up");
	is(count("work WHERE state = 'running'"), 0, "$name: none is held");
}

# --- One worker, killed again and again.

fill(1, TIMERS);
my ($kills, $cut) = (0, 0);
my $deadline = time + PATIENCE;
while (left() > 0 && time < $deadline) {
	# Few threads, so that there is something left to be killed at.
	my $worker = $parley->start_worker(PARLEY_WORKER_THREADS =>
	    $kills < KILLS_MOST ? 2 : 8);
	my $before = left();
	if ($kills < KILLS_MOST) {
		# In the middle: after some of it, and not at a fixed moment.
		my $some = int rand TIMERS / 10;
		wait_until(30, sub { left() <= $before - $some });
		$parley->crash_worker($worker);
		$kills++;
		$cut += count("work WHERE state = 'running'");
		lapse();
	} else {
		wait_until($deadline - time, sub { left() == 0 });
		$worker->stop;
	}
}
cmp_ok($kills, '>=', 3, "a worker was killed $kills times");
cmp_ok($cut, '>', 0, "while it held $cut pieces");
whole(TIMERS, 'killed');

# --- Two workers at once, of which one dies.

# Both are there before there is anything to do.
my @workers = map { $parley->start_worker } 1 .. 2;
fill(TIMERS + 1, TIMERS);
my $half = left() / 2;
wait_until(PATIENCE, sub { left() <= $half });
$parley->crash_worker($workers[0]);
lapse();
ok(wait_until(PATIENCE, sub { left() == 0 }),
    'of two workers the other takes over what the dead one held');
whole(2 * TIMERS, 'side by side');
my @logs = map { $_->log } @workers;
my @both = map { scalar(() = /^.* silence account=.* outcome=ok recorded=ok/mg) }
    @logs;
cmp_ok($both[$_], '>', 0, 'both worked: ' . ($_ + 1)) for 0, 1;

done_testing;
