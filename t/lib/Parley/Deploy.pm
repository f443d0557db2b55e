# What every web server before parley-api has to do, whichever it is.
#
#	use Parley::Deploy qw(serves crowded);
#	serves($test);
#	crowded($test, 100);
package Parley::Deploy;

use v5.30;
use warnings;

use Exporter qw(import);
use Test::More ();
use Time::HiRes ();

use Parley::Fault qw(create crowd_end crowd_start PATIENCE USER);
use Parley::Server qw(wait_until);

our @EXPORT_OK = qw(crowded is_problem serves);

use constant {
	BODY_MOST => 1048576,
	ROUNDS => 5,
	SOON => 3,	# seconds; it takes milliseconds, on an idle machine
};

# The error document, with the status and the code, and the request's id.
sub is_problem {
	my ($answer, $status, $code, $what) = @_;
	my $document = eval { $answer->json } // {};
	my $id = $answer->header('x-request-id') // 'none';
	my $retry = $status =~ /^50[234]$/;
	my $right = $answer->status == $status
	    && ($answer->header('content-type') // '') eq 'application/json'
	    && exists $document->{data} && !defined $document->{data}
	    && ($document->{status} // '') eq $status
	    && ($document->{errors}[0]{error} // '') eq $code
	    && ($document->{title} // '') ne ''
	    && ($document->{detail} // '') ne ''
	    && ($document->{request_id} // '') eq $id
	    && (!$retry || ($answer->header('retry-after') // '') =~ /^\d+$/);
	Test::More::ok($right, "$what: $status $code") or Test::More::diag(
	    $answer->status, "\n", Test::More::explain($answer->headers),
	    $answer->content);
	return $right;
}

# Requests of each kind, and their answers.
sub serves {
	my ($test) = @_;
	my $health = $test->get('/v1/health');
	Test::More::is($health->status, 200, 'it is alive');
	Test::More::is($health->json->{status}, 'ok', 'as parley-api says it');
	my $created = create($test);
	Test::More::is($created->{status}, 200,
	    'the Authorization header arrives, and the body');
	my $shown = $test->get(
	    "/v1/sms/conversations/$created->{conversation}");
	Test::More::is($shown->status, 200, 'a path arrives whole');
	my $list = $test->get('/v1/sms/conversations?pageSize=1&page=1');
	Test::More::is($list->status, 200, 'a query arrives');
	Test::More::is($test->get('/v1/sms/conversations?page=x')->status, 400,
	    'and what is in it');
	Test::More::is($test->get('/v1/%73ms/numbers')->status, 200,
	    'a path that is percent-encoded arrives');
	Test::More::is($test->patch(
	    '/v1/sms/conversations/' . $created->{conversation},
	    { is_active => JSON::PP::false })->status, 200, 'PATCH arrives');
	my $once = { 'Idempotency-Key' => 'deploy' };
	my @answers = map { $test->post('/v1/sms/create', {
	    user_number => USER, agent_number => $test->number,
	    message => 'once' }, $once) } 1 .. 2;
	Test::More::is($answers[1]->header('idempotency-replayed'), 'true',
	    'the Idempotency-Key arrives');
	Test::More::is($answers[1]->content, $answers[0]->content,
	    'and the answer is the same');

	is_problem($test->get('/v1/me', undef, { authorization => undef }), 401,
	    'AUTH_FAILURE', 'without a key');
	is_problem($test->get('/v1/nothing'), 404, 'ROUTE_NOT_FOUND',
	    'a route that there is not');
	is_problem($test->get('/v1'), 404, 'ROUTE_NOT_FOUND',
	    'the root of the API');
	is_problem($test->get('/nothing'), 404, 'ROUTE_NOT_FOUND',
	    'what is not the API');
	is_problem($test->get('/v10/health'), 404, 'ROUTE_NOT_FOUND',
	    'what only begins like it');
	is_problem($test->get('/'), 404, 'ROUTE_NOT_FOUND', 'the root');
	is_problem($test->post('/v1/sms/create', '{'), 400, 'INVALID_JSON',
	    'a body that is not JSON');
	is_problem($test->post('/v1/sms/create', ' ' x (BODY_MOST + 1)), 413,
	    'PAYLOAD_TOO_LARGE', 'a body that is too long');
	is_problem($test->post('/v1/sms/create', ' ' x BODY_MOST), 400,
	    'INVALID_JSON', 'one of the greatest length passes');
	is_problem($test->request('POST', '/v1/hooks/mail',
	    'x' x (BODY_MOST + 1), { authorization => undef, 'content-type' =>
	    'application/x-www-form-urlencoded' }), 403, 'FORBIDDEN',
	    'a mail may be longer, and is looked at');
	is_problem($test->request('PUT', '/v1/me'), 405, 'METHOD_NOT_ALLOWED',
	    'another method');
}

# As many clients at once, who then stay connected: they and a new one are
# answered.  Returns what $meanwhile returns.
sub crowded {
	my ($test, $clients, $meanwhile) = @_;
	my $directory = $test->directory;
	my $crowd = crowd_start($clients, sub {
		my ($i) = @_;
		my %count;
		$count{ create($test, message => "$i",
		    user_number => '+' . (15556660000 + $i))->{status} }++
		    for 1 .. ROUNDS;
		Parley::Server::spew("$directory/idle-$i", '');
		wait_until(PATIENCE, sub { -e "$directory/over" });
		return \%count;
	});
	Test::More::ok(wait_until(PATIENCE, sub {
		my @idle = glob "$directory/idle-*";
		@idle == $clients
	}), "$clients clients at once are answered");
	for (1 .. 3) {
		my $start = Time::HiRes::time();
		my $answer = $test->raw("GET /v1/me HTTP/1.1\r\n"
		    . "Host: localhost\r\nAuthorization: " . $test->key
		    . "\r\n\r\n");
		my $took = Time::HiRes::time() - $start;
		Test::More::ok($answer && $answer->status == 200
		    && $took < SOON, 'then, a new one is answered at once')
		    or Test::More::diag($answer ? $answer->content
		    : 'no answer', " after $took s");
	}
	my $result = $meanwhile ? $meanwhile->() : undef;
	Parley::Server::spew("$directory/over", '');
	my @told = crowd_end($crowd);
	Test::More::is_deeply(\@told, [ ({ 200 => ROUNDS }) x $clients ],
	    'each of their requests went well');
	return $result;
}

1;
