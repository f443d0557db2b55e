# nginx before parley-api: TLS, what it forwards, its own errors as the API's
# error document, and one name for a request in every log.
use v5.30;
use warnings;

use Cwd qw(abs_path);
use File::Copy qw(copy);

use Parley::Deploy qw(crowded is_problem serves);
use Parley::Fault qw(children PATIENCE);
use Parley::Server qw(free_port listening run);
use Parley::Test;

use constant {
	CHILDREN => 2,
	CLIENTS => 64,
};

my $test = Parley::Test->new(children => CHILDREN,
    environment => { PARLEY_API_RATE => 0 });
my $directory = $test->directory;
my $url = 'https://localhost:' . $test->tls_port;

subtest 'requests' => sub {
	serves($test);
	crowded($test, CLIENTS);
};

subtest 'TLS' => sub {
	my $port = $test->tls_port;
	for my $host (qw(localhost 127.0.0.1)) {
		is(curl('--cacert', $test->ca, '-w', ' %{http_version}',
		    "https://$host:$port/v1/health"), '{"status":"ok"} 2',
		    "verified as $host, over HTTP/2");
	}
	is(curl('--cacert', $test->ca, '--http1.1', '-w', ' %{http_version}',
	    "$url/v1/health"), '{"status":"ok"} 1.1', 'over HTTP/1.1');
	for my $version (qw(1.2 1.3)) {
		is(curl('--cacert', $test->ca, "--tlsv$version", '--tls-max',
		    $version, "$url/v1/health"), '{"status":"ok"}',
		    "TLS $version");
	}
	ok(!eval { curl("$url/v1/health"); 1 },
	    'somebody who does not know the certificate does not talk to it');
	like($@, qr/status 60/, 'for that reason');
	my $key = 'Authorization: ' . $test->key;
	my $body = JSON::PP->new->encode({ user_number => '+15552220001',
	    agent_number => $test->number, message => 'Hello' });
	like(curl('--cacert', $test->ca, '-H', $key, '-H',
	    'Content-Type: application/json', '-d', $body,
	    "$url/v1/sms/create"), qr/"message_id":/, 'POST over HTTP/2');
	my $big = "$directory/big";
	Parley::Server::spew($big, ' ' x 2_000_000);
	like(curl('--cacert', $test->ca, '-H', $key, '--data-binary',
	    "\@$big", '-w', ' %{http_code}', "$url/v1/sms/create"),
	    qr/"PAYLOAD_TOO_LARGE".* 413\z/, 'an error over HTTP/2');
	is_problem(plain($port, "GET /v1/health HTTP/1.1\r\n"
	    . "Host: localhost\r\n\r\n"), 400, 'BAD_REQUEST',
	    'plain HTTP to the port of TLS');
};

subtest 'what is forwarded' => sub {
	# parley-api writes its line when it has answered.
	my $id_of = sub {
		my ($path) = @_;
		my $answer = $test->get($path);
		is($answer->status, 404, "$path is not found");
		return $answer->header('x-request-id');
	};
	my $logged = sub { $test->api->log =~ /\b\Q$_[0]\E\b/ };
	for my $path (qw(/v1 /v1/ /v1/none /v2 /v2/none /core /core/
	    /core/none?a=b /v1//health)) {
		my $id = $id_of->($path);
		ok(wait_until(PATIENCE, sub { $logged->($id) }),
		    'and was forwarded');
	}
	my %kept = map { $_ => $id_of->($_) } qw(/ /v3/health /v1health /corex
	    /index.html /nginx.conf /problem /x/v1/health /V1/health);
	my $last = $test->get('/v1/health')->header('x-request-id');
	wait_until(PATIENCE, sub { $logged->($last) });
	is_deeply([ grep { $logged->($kept{$_}) } sort keys %kept ], [],
	    'what is not of the API is not forwarded');
	is($test->get('/v1/../v1/health')->status, 404,
	    'a path is not forwarded as another than it was asked for')
	    or diag($test->api->log);
	my $head = $test->exchange("HEAD /v1/health HTTP/1.1\r\n"
	    . "Host: localhost\r\n\r\n", 'HEAD');
	is($head->status, 200, 'HEAD is answered');
};

subtest "nginx's own errors" => sub {
	is_problem(request('GET /v1/' . 'x' x 20_000), 414, 'URI_TOO_LONG',
	    'an address that is too long');
	is_problem(request('GET /v1/health', 'X-Long: ' . 'x' x 20_000), 431,
	    'HEADERS_TOO_LARGE', 'a header that is too long');
	is_problem(request('GET /v1/health', 'Host: other'), 400,
	    'BAD_REQUEST', 'two hosts');
	is_problem(request('GET /v1/%zz'), 400, 'BAD_REQUEST',
	    'an address that is not percent-encoded');
	is_problem(request('GET /v1/health', 'Content-Length: -1'), 400,
	    'BAD_REQUEST', 'a length that is none');
	is_problem(request('TRACE /v1/health'), 405, 'METHOD_NOT_ALLOWED',
	    'TRACE');
	is_problem(request('POST /v1/sms/create', "Content-Length: 1048577"),
	    413, 'PAYLOAD_TOO_LARGE', 'a body that is announced too long');
	is_problem(request('POST /v1/sms/create', 'Transfer-Encoding: chunked',
	    chunks(20)), 413, 'PAYLOAD_TOO_LARGE',
	    'a body that turns out to be too long');
	is_problem(request('POST /v1/sms/create', 'Transfer-Encoding: gzip'),
	    501, 'NOT_IMPLEMENTED', 'an encoding that there is not');
	is_problem(request('GET /v1/health', version => '9.9'), 505,
	    'HTTP_VERSION_NOT_SUPPORTED', 'a version that there is not');
	is($test->get('/v1/health')->status, 200, 'and it goes on');
};

subtest 'the name of a request' => sub {
	for my $path ('/v1/none?user=%2B15552220001', '/none?user=5552220001') {
		my $answer = $test->get($path, undef,
		    { 'X-Request-Id' => 'mine' });
		my $id = $answer->header('x-request-id');
		like($id, qr/^[0-9a-f]{32}$/, 'is in the head of the answer');
		is($answer->json->{request_id}, $id, 'in the document');
		ok(logged($id), "in nginx's log");
		ok(wait_until(PATIENCE, sub {
			$test->api->log =~ / \Q$id\E GET /
		}), "in parley-api's log") if $path =~ /^.v1/;
	}
	unlike(access_log() . $test->api->log, qr/5552220001/,
	    'the logs have no queries, which may have phone numbers');
};

subtest 'an API that does not answer' => sub {
	my $port = hasty_nginx();
	my @stopped = ($test->api->pid, children($test->api->pid));
	kill STOP => @stopped;
	is_problem(plain($port, "GET /v1/health HTTP/1.1\r\n"
	    . "Host: localhost\r\n\r\n"), 504, 'SERVICE_UNAVAILABLE',
	    'hangs');
	kill CONT => @stopped;
	ok(wait_until(PATIENCE, sub {
		$test->get('/v1/health')->status == 200
	}), 'and goes on');
	$test->api->stop;
	is_problem($test->get('/v1/health'), 502, 'SERVICE_UNAVAILABLE',
	    'has ended');
	unlink $test->socket;
	is_problem($test->get('/v1/health'), 502, 'SERVICE_UNAVAILABLE',
	    'has no socket');
	$test->expect_faults(qr/connect\(\) to unix:\S+ failed \(2: /);
	$test->api->again;
	ok(wait_until(PATIENCE, sub {
		$test->get('/v1/health')->status == 200
	}), 'starts, and nginx goes on');
};

done_testing;

sub curl {
	return run([ qw(curl --silent --show-error --max-time 30 --noproxy *),
	    @_ ]);
}

# Sends bytes to a port of their own; the answer.
sub plain {
	my ($port, $bytes) = @_;
	local $test->{port} = $port;
	return $test->raw($bytes);
}

# A request that is not quite right: its first line, a header and a body.
sub request {
	my ($line, $header, $rest, $version) = @_;
	($header, $version) = (undef, $rest) if ($header // '') eq 'version';
	return $test->raw("$line HTTP/" . ($version // '1.1') . "\r\n"
	    . "Host: localhost\r\nAuthorization: " . $test->key . "\r\n"
	    . (defined $header ? "$header\r\n" : '') . "\r\n"
	    . ($version ? '' : $rest // ''));
}

sub chunks {
	my ($count) = @_;
	return join('', map { "10000\r\n" . ' ' x 65536 . "\r\n" } 1 .. $count)
	    . "0\r\n\r\n";
}

# nginx writes its log once a second.
sub logged {
	my ($id) = @_;
	return wait_until(PATIENCE, sub { access_log() =~ / \Q$id\E / });
}

sub access_log {
	return Parley::Server::slurp("$directory/nginx/access.log");
}

# The port of another nginx with the same configuration, which has less
# patience.
sub hasty_nginx {
	state $hasty;
	my $port = free_port();
	my $from = Parley::Test::source() . '/nginx';
	mkdir "$directory/hasty" or die "mkdir: $!";
	copy($_, "$directory/hasty") or die "$_: $!" for glob "$from/*";
	my $params = "$directory/hasty/fastcgi_params";
	my $text = Parley::Server::slurp($params);
	$text =~ s/(fastcgi_read_timeout) \S+;/$1 1s;/ or die $text;
	Parley::Server::spew($params, $text);
	$hasty = Parley::Server->nginx(
	    directory => "$directory/hasty/run",
	    template => "$directory/hasty/parley.conf.in",
	    values => {
		LISTEN => "listen 127.0.0.1:$port;",
		SOCKET => $test->socket,
	    });
	return $port;
}
