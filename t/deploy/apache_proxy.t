# Apache with mod_proxy_fcgi, before a parley-api that runs on its own.
use v5.30;
use warnings;

use Parley::Deploy qw(crowded is_problem serves);
use Parley::Fault qw(children);
use Parley::Server qw(free_port listening);
use Parley::Test;

use constant {
	CHILDREN => 4,
	CLIENTS => 64,
};

plan(skip_all => 'Apache is not installed; run ./bootstrap')
    if !-e '/usr/lib/apache2/modules/mod_proxy_fcgi.so';

my $test = Parley::Test->new(children => CHILDREN, environment => {
    PARLEY_API_RATE => 0, PARLEY_API_SOCKET_MODE => '0666' });
my $port = $test->{port} = free_port();
# Apache does not serve as root, and has to come to the socket.
Parley::Server::reachable($test->directory);
my $apache = Parley::Server->apache(
    directory => $test->directory . '/apache',
    template => Parley::Test::source() . '/apache/mod_proxy_fcgi.conf',
    values => {
	LISTEN => "Listen 127.0.0.1:$port",
	SOCKET => $test->socket,
    });
delete $test->{connection}; # to nginx

serves($test);
crowded($test, CLIENTS);
is(children($test->api->pid), CHILDREN, 'by as many children as before');

$test->api->stop;
is_problem($test->get('/v1/health'), 503, 'SERVICE_UNAVAILABLE',
    'without parley-api');
$test->api->again;
ok(wait_until(60, sub {
	listening($test->socket) && $test->get('/v1/ready')->status == 200
}), 'with it again, it goes on');

is($apache->stop, 0, 'Apache ends well');
unlike($apache->log, qr/\[(?:emerg|alert|crit)\]/, 'nothing was broken')
    or diag($apache->log);

done_testing;
