# parley-api as a process: how it starts, what it refuses, how it is told to
# read its configuration again and to end, and that no request is lost by it.
use v5.30;
use warnings;

use File::Basename qw(dirname);
use IO::Socket::INET ();
use IO::Socket::UNIX ();

use Parley::Fault qw(children create crowd crowd_end crowd_start fcgi held_up
    hold statuses PATIENCE USER);
use Parley::Server qw(listening run);
use Parley::Test;

my $test = Parley::Test->new(start => 0, environment => {
    PARLEY_API_CHILDREN => undef });
$test->expect_faults(qr/the configuration is kept as it was/);
my $directory = $test->directory;
my $program = Parley::Test::build() . '/parley-api';

sub configure {
	Parley::Server::spew("$directory/parley.ini", join "\n", @_, '');
}

configure('[api]', 'children = 3', 'rate = 0');
$test->start;
my $parent = $test->api->pid;

subtest 'its children' => sub {
	ok(wait_until(PATIENCE, sub { children($parent) == 3 }),
	    'are as many as the configuration says');
	my @old = children($parent);
	kill TERM => $old[0];
	ok(wait_until(PATIENCE, sub {
		my @now = children($parent);
		@now == 3 && !grep { $_ == $old[0] } @now
	}), 'one that ends is replaced');
	is($test->get('/v1/health')->status, 200, 'and it goes on');
};

subtest 'SIGHUP' => sub {
	my @old = children($parent);
	configure('[api]', 'children = 5', 'rate = 0');
	my $load = load();
	$test->api->signal('HUP');
	ok(wait_until(PATIENCE, sub { replaced(5, @old) }), 'reads the configuration again and replaces all children');
	is(unload($load), '200', 'and no request fails');

	@old = children($parent);
	configure('[api]', 'children = 5', 'rate = 1', 'burst = 1');
	$test->api->signal('HUP');
	ok(wait_until(PATIENCE, sub { $test->get('/v1/me')->status == 429 }),
	    'another key counts as well');
	ok(wait_until(PATIENCE, sub { replaced(5, @old) }),
	    'when all are replaced');

	@old = children($parent);
	configure('[api]', 'children = many', 'rat = 0');
	$test->api->signal('HUP');
	ok(wait_until(PATIENCE, sub {
		$test->api->log =~ /not reloaded: all stays as it was/
	}), 'a configuration that is wrong is not taken');
	my ($why) = $test->api->log =~ /(configuration is kept.*)/;
	like($why, qr/parley\.ini:2: \[api\] children must be /,
	    'the log says where it is wrong');
	is_deeply([ children($parent) ], \@old, 'the children stay');
	is($test->get('/v1/health')->status, 200, 'and serve');
	configure('[api]', 'children = 2', 'rate = 0', 'requests = 10');
	$test->api->signal('HUP');
	ok(wait_until(PATIENCE, sub { children($parent) == 2 }),
	    'one that is right again is taken');
};

subtest 'after so many requests' => sub {
	my %seen = map { $_ => 1 } children($parent);
	my @answers = crowd(4, sub {
		my %count;
		$count{ $test->get('/v1/health')->status }++ for 1 .. 50;
		\%count
	});
	is_deeply(\@answers, [ ({ 200 => 50 }) x 4 ], 'no request fails');
	ok(wait_until(PATIENCE, sub {
		!grep { $seen{$_} } children($parent)
	}), 'a child makes way for another');
};

subtest 'SIGTERM' => sub {
	create($test);
	my $lock = hold($test, 'SELECT id FROM conversation'
	    . " WHERE user_key = '${\ USER}' AND is_open = 1 FOR UPDATE");
	my $sent = crowd_start(1, sub { create($test) });
	ok(wait_until(PATIENCE, sub { held_up($test) }),
	    'comes while a request is in hand');
	my @children = children($parent);
	$test->api->signal('TERM');
	ok(wait_until(PATIENCE, sub { children($parent) == 1 }),
	    'the idle children end');
	$lock->release;
	is(statuses(crowd_end($sent)), '200: 1', 'the request is answered');
	is($test->api->stop, 0, 'and all end well');
	ok(!grep({ -d "/proc/$_" } @children), 'nobody is left');
	ok(!listening($test->socket), 'nobody listens');
	$test->api->again;
	$test->await;
	is($test->get('/v1/health')->status, 200,
	    'it starts again over the old socket');
};

subtest 'a wrong configuration' => sub {
	configure('[api]', 'childrn = 3', '[sql]', 'socket = /tmp/x');
	like(refused(), qr/^parley-api: \S+parley\.ini:2: there is no key/,
	    'a key that there is not is refused');
	like(refused(), qr/"childrn" in \[api\]; did you mean children\?$/m,
	    'and named');
	like(refused(), qr/parley\.ini:3: there is no section \[sql\]/,
	    'and so is a section');
	configure();
	like(refused(PARLEY_API_CHILDREN => 'many'),
	    qr/PARLEY_API_CHILDREN: .*must be .*not "many"/,
	    'a value that is wrong in the environment is named');
	like(refused(PARLEY_API_CHILD => '3'), qr/PARLEY_API_CHILD\b/,
	    'a variable that there is not is named');
	unlike(refused(PARLEY_API_CHILDREN => 'many',
	    PARLEY_DATABASE_PASSWORD => 'hush'), qr/hush/,
	    'a secret is not printed');
	like(refused(PARLEY_API_USER => 'no-such-user'),
	    qr/no-such-user: there is no such user/,
	    'a user that there is not is named') if $> == 0;
};

subtest 'a socket' => sub {
	my $path = "$directory/other.sock";
	like(refused({ socket => $test->socket }), qr/is in use/,
	    'that somebody listens on is refused');
	ok(listening($test->socket), 'and stays');
	Parley::Server::spew($path, 'a file');
	like(refused({ socket => $path }), qr/is not a socket/,
	    'a file that is none is refused');
	is(Parley::Server::slurp($path), 'a file', 'and stays');
	unlink $path;
	like(refused({ socket => '' }), qr/empty path/,
	    'a path that is empty is refused');
	like(refused({ socket => "$directory/" . 'x' x 120 }), qr/too long/,
	    'and one that is too long');
	IO::Socket::UNIX->new(Local => $path, Listen => 1) or die "$path: $!";
	my $api = start({ socket => $path }, PARLEY_API_SOCKET_MODE => '0600');
	wait_until(PATIENCE, sub { listening($path) });
	is(ask($path), 200, 'one that nobody listens on is replaced');
	is((stat $path)[2] & 0777, 0600, 'with the permissions asked for');
	is($api->stop, 0, 'it ends well');
};

subtest 'standard input' => sub {
	like(refused({ socket => undef }),
	    qr/standard input is not a listening socket.*--socket PATH/,
	    'that is no socket is refused, with what to do');
	for my $listener (unix_socket(), inet_socket()) {
		my $api = start({ socket => undef, input => $listener },
		    PARLEY_API_CHILDREN => 2);
		is(ask($listener), 200, 'that listens is served');
		ok(wait_until(PATIENCE, sub { children($api->pid) == 2 }),
		    'by children');
		is($api->stop, 0, 'it ends well');
	}
	my $listener = unix_socket();
	my $api = start({ socket => undef, input => $listener },
	    PARLEY_API_CHILDREN => 0);
	is(ask($listener), 200, 'is served by a process without children');
	is(children($api->pid), 0, 'which has none');
	is($api->stop, 0, 'it ends well');
};

subtest 'spawn-fcgi' => sub {
	my ($spawn) = grep { -x } map { "$_/spawn-fcgi" }
	    split /:/, $ENV{PATH};
	plan(skip_all => 'is not installed') if !$spawn;
	my $path = "$directory/spawned.sock";
	my $api = Parley::Server->start(name => 'spawn-fcgi',
	    directory => "$directory/spawned",
	    command => [ $spawn, '-n', '-s', $path, '--', $program ],
	    environment => { $test->variables('parley_api') },
	    ready => sub { listening($path) });
	is(ask($path), 200, 'starts it');
	is($api->stop, 0, 'and it ends well');
};

subtest 'rights' => sub {
	plan(skip_all => 'only root has rights to give up') if $> != 0;
	my ($name, $uid, $gid) = (getpwnam 'nobody')[0, 2, 3];
	my $listener = unix_socket();
	# It has to come to the database, through the directories of tests.
	Parley::Server::reachable(dirname $test->database->socket);
	my $api = start({ socket => undef, input => $listener },
	    PARLEY_API_CHILDREN => 1, PARLEY_API_USER => $name);
	is(ask($listener), 200, 'it serves as another user');
	for my $pid ($api->pid, children($api->pid)) {
		my %status = status($pid);
		is($status{Uid}, join(' ', ($uid) x 4), 'with its number');
		is($status{Gid}, join(' ', ($gid) x 4), 'and its group');
		unlike(" $status{Groups} ", qr/ 0 /, "without root's groups");
		is($status{CapEff}, '0' x 16, 'without capabilities');
		is($status{NoNewPrivs}, 1, 'and gets none by any exec');
	}
	is($api->stop, 0, 'it ends well');
};

done_testing;

# Are there so many children, and none of these?
sub replaced {
	my ($count, @old) = @_;
	my @now = children($parent);
	my %now = map { $_ => 1 } @now;
	return @now == $count && !grep { $now{$_} } @old;
}

# Clients who ask until they are told to end, and the statuses that they got.
sub load {
	my $over = "$directory/over";
	unlink $over;
	my $asked = "$directory/asked";
	Parley::Server::spew($asked, '');
	my $load = crowd_start(4, sub {
		my %count;
		do {
			$count{ $test->get('/v1/health')->status }++;
			open my $file, '>>', $asked or die "$asked: $!";
			print $file '.';
		} until -e $over;
		return \%count;
	});
	wait_until(PATIENCE, sub { -s $asked > 20 });
	return $load;
}

sub unload {
	my ($load) = @_;
	my $from = -s "$directory/asked";
	wait_until(PATIENCE, sub { -s "$directory/asked" > $from + 20 });
	Parley::Server::spew("$directory/over", '');
	my %seen = map { %$_ } crowd_end($load);
	return join ', ', sort keys %seen;
}

# Starts another one; options, if they come first:
#   socket  its path
#   input   a listening socket
sub start {
	my $of = ref $_[0] ? shift : { socket => "$directory/more.sock" };
	my %environment = @_;
	return Parley::Server->start(
	    name => 'more',
	    directory => "$directory/more",
	    input => $of->{input},
	    command => [ $program,
		defined $of->{socket} ? ('--socket', $of->{socket}) : () ],
	    environment => { $test->variables('parley_api'), %environment });
}

# What one says that cannot start.
sub refused {
	my $of = ref $_[0] ? shift : { socket => "$directory/more.sock" };
	my %all = (%ENV, $test->variables('parley_api'), @_);
	local %ENV = map { $_ => $all{$_} } grep { defined $all{$_} } keys %all;
	my $said = run([ 'sh', '-c', '"$@" 2>&1; echo "status $?"', 'sh',
	    'timeout', PATIENCE, $program,
	    defined $of->{socket} ? ('--socket', $of->{socket}) : () ]);
	like($said, qr/^status 1$/m, 'exit status 1');
	return $said;
}

# The status of an answer over a new connection to a path or a listener.
sub ask {
	my ($where) = @_;
	my $socket = !ref $where ? IO::Socket::UNIX->new(Peer => $where)
	    : $where->can('hostpath')
	    ? IO::Socket::UNIX->new(Peer => $where->hostpath)
	    : IO::Socket::INET->new(PeerAddr => '127.0.0.1',
		PeerPort => $where->sockport);
	return fcgi($socket // die("connect: $!"), '/v1/ready');
}

sub unix_socket {
	state $count = 0;
	my $path = "$directory/input-" . ++$count;
	return IO::Socket::UNIX->new(Local => $path, Listen => 8)
	    // die "$path: $!";
}

sub inet_socket {
	return IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 8)
	    // die "listen: $!";
}

sub status {
	my ($pid) = @_;
	open my $file, '<', "/proc/$pid/status" or return;
	return map { s/\s+/ /gr =~ /^(\w+): ?(.*?) ?$/ ? ($1, $2) : () }
	    readline $file;
}
