# Apache with mod_fcgid, which starts and ends the processes itself.
use v5.30;
use warnings;

use File::Basename qw(dirname);
use File::Copy qw(copy);

use Parley::Deploy qw(crowded is_problem serves);
use Parley::Fault qw(children PATIENCE);
use Parley::Server qw(free_port);
use Parley::Test;

use constant CLIENTS => 100;	# more than processes

my $module = '/usr/lib/apache2/modules/mod_fcgid.so';
plan(skip_all => 'mod_fcgid is not installed; run ./bootstrap')
    if !-e $module;

my $test = Parley::Test->new(start => 0);
my $directory = $test->directory;
my $program = "$directory/parley-api";
my $port = $test->{port} = free_port();

# Apache does not serve as root, so others have to read these, and to run a
# program that may have been built where they cannot go.
copy(Parley::Test::build() . '/parley-api', $program)
    && chmod(0755, $program) or die "$program: $!";
Parley::Server::spew("$directory/served.ini", <<"END");
[database]
socket = ${\ $test->database->socket}
name = ${\ $test->name}
user = parley_api
password = parley_api
[api]
rate = 0
END
Parley::Server::reachable($_)
    for $directory, dirname($test->database->socket);
my $apache = Parley::Server->apache(
    directory => "$directory/apache",
    template => Parley::Test::source() . '/apache/mod_fcgid.conf',
    values => {
	LISTEN => "Listen 127.0.0.1:$port",
	PROGRAM => $program,
	CONFIG => "$directory/served.ini",
    });

is(served(), 0, 'there is no process before there is a request');
serves($test);
ok(served() > 0, 'Apache has started processes');
my $most = crowded($test, CLIENTS, \&served);
cmp_ok($most, '>', 4, 'more when there was work for more');
cmp_ok($most, '<=', 64, 'and not more than it may');

my ($victim) = processes();
kill KILL => $victim;
ok(wait_until(PATIENCE, sub { !-d "/proc/$victim" }),
    'a process is killed');
is($test->get('/v1/health')->status, 200, 'and it goes on');

my @left = processes();
is($apache->stop, 0, 'Apache ends well');
ok(wait_until(PATIENCE, sub { !grep { -d "/proc/$_" } @left }),
    'and no process is left');
unlike($apache->log, qr/ fault: |\[(?:emerg|alert|crit)\]|Sanitizer/,
    'nothing was broken') or diag($apache->log);

done_testing;

# The processes of parley-api: Apache's grandchildren.
sub processes {
	return grep { (readlink("/proc/$_/exe") // '') eq $program }
	    map { children($_) } children($apache->pid);
}

sub served {
	my @all = processes();
	return scalar @all;
}
