# parley-worker as a process: how it starts, what it refuses, how it reads its
# configuration again, and how it ends.
use v5.30;
use warnings;

use IO::Socket::INET ();
use Parley::Fault qw(children hold);
use Parley::Receiver;
use Parley::Test;
use Time::HiRes qw(time);

use constant PATIENCE => 50;

my $parley = Parley::Test->new(environment => {
    PARLEY_NET_ALLOW => '127.0.0.0/8' });
$parley->expect_faults(qr/the configuration is kept as it was/);
my $directory = $parley->directory;
my $program = Parley::Test::build() . '/parley-worker';
my $users = 0;

sub configure {
	Parley::Server::spew("$directory/parley.ini", join "\n", @_, '');
}

# A conversation whose clock strikes soon.
sub silent {
	my (%given) = @_;
	return $parley->create(user_number => sprintf('+1555700%04d',
	    ++$users), sender => 'AGENT', time_out => 0.1, %given)->data
	    ->{conversation_id};
}

sub is_over {
	my ($id) = @_;
	return wait_until(PATIENCE,
	    sub { !$parley->conversation($id)->{is_active} });
}

# What the program says that does not start, and its status.
sub refused {
	my ($arguments, %environment) = @_;
	my $log = "$directory/refused.log";
	unlink $log;
	my $started = eval { Parley::Server->start(name => 'refused',
	    log => $log, command => [ $program, @$arguments ],
	    environment => { $parley->variables('parley_worker'),
	    %environment }, ready => sub { 0 }) };
	my ($status) = ($@ // '') =~ /ended with status (\d+)/;
	return 'it started' if $started || !defined $status;
	return Parley::Server::slurp($log) . "status $status";
}

subtest 'what it refuses' => sub {
	for my $arguments ([ '--fro', 2 ], [ '--for', 'x' ], [ '--for', 0 ],
	    [ '--for', -1 ], [ '--for', '1.5' ], [ 'now' ]) {
		like(refused($arguments), qr/^usage: .*status 2$|status 2$/s,
		    "parley-worker @$arguments: status 2");
	}
	like(refused([], PARLEY_WORKER_THREADS => 0),
	    qr/PARLEY_WORKER_THREADS: .*must be .*not "0"\nstatus 1$/,
	    'no threads');
	like(refused([], PARLEY_WORKER_THREADS => 10_001),
	    qr/PARLEY_WORKER_THREADS: .*status 1$/s, 'too many');
	like(refused([], PARLEY_WORKER_LEASE => 10),
	    qr/PARLEY_WORKER_LEASE: .*status 1$/s, 'a lease that is too short');
	like(refused([], PARLEY_WORKER_THREAD => 4),
	    qr/PARLEY_WORKER_THREAD\b.*did you mean .*status 1$/s,
	    'a variable that there is not');
	like(refused([], PARLEY_NET_ALLOW => 'everything'),
	    qr/PARLEY_NET_ALLOW: .*status 1$/s, 'networks that are none');
	like(refused([ '--config', "$directory/none.ini" ]),
	    qr/none\.ini.*status 1$/s, 'a configuration that is not there');
	like(refused([], PARLEY_WORKER_WAKE => "$directory/none/wake.sock"),
	    qr{cannot listen at \S+/none/wake\.sock: .*status 1$}s,
	    'a socket in a directory that is not there');
	like(refused([], PARLEY_WORKER_WAKE => "$directory/" . 'x' x 200),
	    qr/is too long for a socket's path.*status 1$/s,
	    'a path that is too long');
	like(refused([], PARLEY_WORKER_USER => 'nobody-of-this-name'),
	    qr/nobody-of-this-name.*status 1$/s, 'a user that there is not');
};

subtest 'what it tells' => sub {
	like(Parley::Server::run([ $program, '--help' ]),
	    qr/^usage: parley-worker .*--for SECONDS/s, '--help');
	like(Parley::Server::run([ $program, '--version' ]),
	    qr/^parley-worker \S+\n\z/, '--version');
};

subtest 'for cron' => sub {
	my $id = silent();
	my $start = time;
	my $worker = Parley::Server->start(name => 'cron',
	    log => "$directory/cron.log", command => [ $program, '--for', 5 ],
	    environment => { $parley->variables('parley_worker') });
	ok(is_over($id), '--for 5 performs what is due');
	my $status;
	ok(wait_until(PATIENCE, sub {
		waitpid($worker->pid, POSIX::WNOHANG()) == $worker->pid
		    and defined($status = $?)
	}), 'and ends by itself');
	$worker->{pid} = 0;
	is($status, 0, 'with status 0');
	cmp_ok(time - $start, '>=', 5, 'not before 5 seconds have passed');
	unlike($worker->log, qr/fault:/, 'and without a fault');
};

configure('[worker]', 'processes = 2');
my $worker = $parley->start_worker;
my $parent = $worker->pid;

subtest 'its processes' => sub {
	ok(wait_until(PATIENCE, sub { children($parent) == 2 }),
	    'are as many as the configuration says');
	my @old = children($parent);
	kill TERM => $old[0];
	ok(wait_until(PATIENCE, sub {
		my @now = children($parent);
		@now == 2 && !grep { $_ == $old[0] } @now
	}), 'one that ends is replaced');
	ok(is_over(silent()), 'and it goes on');
	like(refused([], PARLEY_WORKER_WAKE => "$directory/wake.sock"),
	    qr/cannot listen at .*another worker.*status 1$/s,
	    'a second one at the same socket is refused');
};

subtest 'SIGHUP' => sub {
	my @old = children($parent);
	configure('[worker]', 'processes = 3');
	$worker->signal('HUP');
	ok(wait_until(PATIENCE, sub {
		my @now = children($parent);
		my %now = map { $_ => 1 } @now;
		@now == 3 && !grep { $now{$_} } @old
	}), 'reads the configuration again and replaces all processes');
	ok(is_over(silent()), 'which work');

	@old = children($parent);
	configure('[worker]', 'processes = many');
	$worker->signal('HUP');
	ok(wait_until(PATIENCE, sub {
		$worker->log =~ /not reloaded: all stays as it was/
	}), 'a configuration that is wrong is not taken');
	like($worker->log, qr/parley\.ini:2: \[worker\] processes must be /,
	    'the log says where it is wrong');
	is_deeply([ children($parent) ], \@old, 'the processes stay');
	ok(is_over(silent()), 'and work');
	configure('[worker]', 'processes = 1');
	$worker->signal('HUP');
	ok(wait_until(PATIENCE, sub { children($parent) == 1 }),
	    'one that is right again is taken');
};

# How long what closes this conversation had waited when it was taken up: a
# line of the log, which is written when all of it is over.
sub waited {
	my ($id) = @_;
	my $work = $parley->sql("SELECT LOWER(HEX(id)) FROM work_done WHERE"
	    . " kind = 'close' AND subject_id = UNHEX(REPLACE('$id', '-',"
	    . " ''))") =~ s/^(.{8})(.{4})(.{4})(.{4})/$1-$2-$3-$4-/r;
	my ($late, $time) = $work eq '' ? () : $worker->log =~
	    /\Q$work\E.* close .* late=(\d+)ms time=(\d+)us$/m or return;
	return [ $late / 1e3 - $time / 1e6 ];
}

subtest 'it is woken' => sub {
	my $receiver = Parley::Receiver->new;
	$parley->post('/v1/sms/number/update', { phone_number =>
	    $parley->number, webhook => $receiver->url });
	my @took = sort { $a <=> $b } map {
		my $id = silent(time_out => 600);
		$parley->patch("/v1/sms/conversations/$id",
		    { is_active => JSON::PP::false });
		my $count = $_;
		wait_until(PATIENCE, sub { $receiver->requests == $count });
		my $waited = wait_until(PATIENCE, sub { waited($id) });
		$waited->[0]
	} 1 .. 7;
	cmp_ok($took[3], '<', 0.4, 'what parley-api writes is taken up before'
	    . ' the worker would look by itself');
};

subtest 'SIGTERM' => sub {
	my $id = silent(time_out => 600);
	my $row = "UNHEX(REPLACE('$id', '-', ''))";
	my $lock = hold($parley, "SELECT id FROM conversation WHERE id = $row"
	    . ' FOR UPDATE');
	$parley->sql("UPDATE work SET due = UTC_TIMESTAMP(6) WHERE kind ="
	    . " 'silence' AND state = 'waiting' AND subject_id = $row");
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT state FROM work'
	    . " WHERE kind = 'silence' AND subject_id = $row") eq 'running' }),
	    'comes while a piece is in hand');
	my @all = ($parent, children($parent));
	$worker->signal('TERM');
	$lock->release;
	is($worker->stop, 0, 'and all end well');
	is($parley->conversation($id)->{status}, 'timeout',
	    'what was in hand was done');
	is($parley->sql("SELECT COUNT(*) FROM work WHERE state = 'running'"), 0,
	    'and nothing is held');
	ok(!grep({ -d "/proc/$_" } @all), 'nobody is left');
	$worker->again;
	ok(is_over(silent()), 'it starts again over the old socket');
	# Nobody else's end is told to whom the next one is.
	wait_until(PATIENCE, sub { $parley->sql("SELECT COUNT(*) FROM work"
	    . " WHERE kind = 'close'") == 0 });
};

subtest 'SIGTERM with somebody who does not answer' => sub {
	my $deaf = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
	    Listen => 8) or die "listen: $!";
	$parley->post('/v1/sms/number/update', { phone_number =>
	    $parley->number, webhook => 'http://127.0.0.1:' . $deaf->sockport });
	my $id = silent();
	ok(is_over($id), 'comes while it is waited for');
	my $call = $deaf->accept;
	is($worker->stop, 0, 'it ends well all the same');
	my $its = "FROM work WHERE kind = 'deliver' AND subject_id ="
	    . " UNHEX(REPLACE('$id', '-', ''))";
	is($parley->sql("SELECT state, worker, attempt, reason $its"),
	    "waiting\tNULL\t1\tthe worker was told to end",
	    'after the piece was handed back, which says why');
	is($parley->sql("SELECT COUNT(*) $its AND due <= UTC_TIMESTAMP(6)"), 1,
	    'for the next that looks');
};

done_testing;
