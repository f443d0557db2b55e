# More clients than children: none of them, busy or idle, slow or silent,
# keeps a child from those who come later.
use v5.30;
use warnings;

use Time::HiRes ();

use Parley::Fault qw(children create crowd_end crowd_start PATIENCE USER);
use Parley::Test;

use constant {
	CHILDREN => 4,
	CLIENTS => 64,
	ROUNDS => 10,
	SLOW => 16,	# more than children
	# Seconds; it takes milliseconds on an idle machine, and a minute where
	# somebody else is waited for.
	SOON => 20,
};

my $test = Parley::Test->new(children => CHILDREN,
    environment => { PARLEY_API_RATE => 0 });
my $directory = $test->directory;

subtest 'clients who were busy and stay connected' => sub {
	my $crowd = crowd_start(CLIENTS, sub {
		my ($i) = @_;
		my %count;
		for my $n (1 .. ROUNDS) {
			my $answer = $n % 2 ? $test->get('/v1/me')
			    : create($test, user_number => '+'
			    . (15554440000 + $i));
			$count{ ref $answer eq 'HASH' ? $answer->{status}
			    : $answer->status }++;
		}
		Parley::Server::spew("$directory/idle-$i", '');
		# Until then the connection is kept.
		wait_until(PATIENCE, sub { -e "$directory/over" });
		return { statuses => \%count, kept => !!$test->{connection} };
	});
	my $idle = sub { my @files = glob "$directory/idle-*"; @files };
	ok(wait_until(PATIENCE, sub { $idle->() == CLIENTS }),
	    'are all answered');
	soon('a new request is answered at once');
	soon('and the next') for 1 .. 3;
	is(children($test->api->pid), CHILDREN, 'by as many children as before');
	Parley::Server::spew("$directory/over", '');
	my @told = crowd_end($crowd);
	is_deeply([ map { $_->{statuses} } @told ],
	    [ ({ 200 => ROUNDS }) x CLIENTS ], 'every request went well');
	is(scalar(grep { $_->{kept} } @told), CLIENTS,
	    'every client was still connected');
};

subtest 'clients who send half a body' => sub {
	my @slow = map { half() } 1 .. SLOW;
	soon('hold no child');
	my $rest = substr body(), 10;
	for my $socket (@slow) {
		Parley::Test::Client::write_all($socket, $rest);
	}
	my @answers = map { Parley::Test::Answer->read($_) } @slow;
	is(scalar(grep { $_ && $_->status == 200 } @answers), SLOW,
	    'and are answered when they send the rest');
};

subtest 'clients who send half a head' => sub {
	my @slow = map {
		my $socket = $test->connect;
		Parley::Test::Client::write_all($socket,
		    "POST /v1/sms/create HTTP/1.1\r\nHost:");
		$socket;
	} 1 .. SLOW;
	soon('hold no child');
};

subtest 'clients who do not read their answer' => sub {
	# An answer that is longer than what fits into sockets on its way.
	my $long = 'x' x 1600;
	create($test, message => $long) for 1 .. 100;
	my @deaf = map {
		my $socket = $test->connect;
		setsockopt $socket, Socket::SOL_SOCKET(), Socket::SO_RCVBUF(),
		    4096;
		my $body = body('messages');
		Parley::Test::Client::write_all($socket,
		    head('/v1/sms/messages/get', $body) . $body);
		$socket;
	} 1 .. SLOW;
	soon('hold no child');
};

subtest 'clients who leave before they are answered' => sub {
	for (1 .. SLOW) {
		my $socket = $test->connect;
		Parley::Test::Client::write_all($socket,
		    head('/v1/sms/create', body()) . body());
		close $socket;
	}
	soon('hold no child');
};

done_testing;

# A request over a new connection is answered soon.
sub soon {
	my ($what) = @_;
	my $start = Time::HiRes::time();
	my $answer = $test->raw("GET /v1/me HTTP/1.1\r\nHost: localhost\r\n"
	    . 'Authorization: ' . $test->key . "\r\n\r\n");
	my $took = Time::HiRes::time() - $start;
	ok($answer && $answer->status == 200 && $took < SOON, $what)
	    or diag($answer ? $answer->content : 'no answer',
		" after $took s");
}

sub body {
	my ($message) = @_;
	return JSON::PP->new->canonical->encode({ user_number => USER,
	    agent_number => $test->number,
	    defined $message ? () : (message => 'Hello') });
}

sub head {
	my ($path, $body) = @_;
	return "POST $path HTTP/1.1\r\nHost: localhost\r\n"
	    . 'Authorization: ' . $test->key . "\r\n"
	    . "Content-Type: application/json\r\n"
	    . 'Content-Length: ' . length($body) . "\r\n\r\n";
}

# A connection over which half a request went.
sub half {
	my $socket = $test->connect;
	Parley::Test::Client::write_all($socket,
	    head('/v1/sms/create', body()) . substr body(), 0, 10);
	return $socket;
}
