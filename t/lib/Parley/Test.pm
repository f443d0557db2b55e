# A whole Parley for one test: a database of its own, parley-api as the user
# of least rights, nginx before it, and an account with a key and a number.
#
#	use v5.30;
#	use warnings;
#	use Parley::Test;
#
#	my $parley = Parley::Test->new;
#	my $answer = $parley->post('/v1/sms/create', {
#	    user_number => '+15550002222',
#	    agent_number => $parley->number,
#	    message => 'Hello',
#	});
#	is($answer->status, 200, 'a message is stored');
#	done_testing;
#
# Test::More comes with it.  Its done_testing here ends the servers first and
# asserts, for every Parley that the test made, what always has to be so: no
# `fault:` in the logs of our programs, no report of a sanitizer, no alert of
# nginx, and every answer of its type with an X-Request-Id.
package Parley::Test;

use v5.30;
use warnings;

use parent qw(Parley::Test::Client);

use Carp qw(croak);
use Cwd qw(abs_path);
use Encode qw(decode);
use File::Basename qw(basename);
use File::Temp ();
use FindBin ();
use IO::Socket::UNIX ();
use JSON::PP ();
use Parley::Server qw(certificate free_port listening log_end run
    wait_until);
use Parley::Test::Client ();
use Scalar::Util qw(weaken);
use Socket qw(SOCK_DGRAM);
use Test::More ();

use constant NUMBER => '+15550001111';

our @EXPORT = (grep({ $_ ne 'done_testing' } @Test::More::EXPORT),
    qw(done_testing wait_until));

my $source = abs_path($ENV{SRCDIR} // "$FindBin::Bin/../..");
my $build = abs_path($ENV{BUILDDIR} // $source);
my @living;
my $made = 0;
my $database;

sub import {
	my $caller = caller;
	no strict 'refs';
	for my $name (@EXPORT) {
		my ($sign, $word) = $name =~ /^([\$@%]?)(\w+)$/ or next;
		my $from = defined &$word && __PACKAGE__->can($word) ?
		    __PACKAGE__ : 'Test::More';
		*{"${caller}::$word"} = $sign ? \${"${from}::$word"} :
		    \&{"${from}::$word"};
	}
	binmode Test::More->builder->$_, ':encoding(UTF-8)'
	    for qw(output failure_output todo_output);
}

sub done_testing {
	$_->done for grep { $_ } @living;
	Test::More::done_testing(@_);
}

# Where the sources are and where the programs were built.
sub source { return $source }
sub build { return $build }

# Makes all of it and starts it.
#   environment  more for parley-api: PARLEY_API_RATE => 5
#   children     processes of parley-api; 2
#   waiting      as many in a pool of their own for requests that wait for a
#                worker; 0: there is one pool
#   user         of the database for parley-api; parley_api
#   account      0: without an account
#   worker       1: with a parley-worker too, which has the same environment
#   start        0: without servers; start() starts them
sub new {
	my ($class, %of) = @_;
	my $self = bless {
		parley => undef,
		environment => {},
		children => 2,
		waiting => 0,
		user => 'parley_api',
		workers => [],
		faults => [],
		complaints => [],
		%of
	}, $class;
	$self->{parley} = $self;
	weaken($self->{parley});
	$self->{directory} = File::Temp->newdir('parley-XXXXXX', TMPDIR => 1);
	$self->{name} = database_name();
	$self->make_database;
	$self->adopt($self->make_account('Test', NUMBER))
	    if $of{account} // 1;
	push @living, $self;
	weaken($living[-1]);
	$self->start if $of{start} // 1;
	$self->start_worker if $of{worker};
	return $self;
}

# A second account, its own key and number: an object with the same methods.
sub another_account {
	my ($self) = @_;
	$made++;
	return $self->client($self->make_account("Another $made",
	    sprintf '+1555100%04d', $made));
}

# The same account with a new key that has these scopes.
sub with_scopes {
	my ($self, @scopes) = @_;
	return $self->client({ $self->identity,
	    key => $self->make_key($self->id, '--scopes', join ',', @scopes) });
}

# An object with the same methods for what is given: key, id, number, carrier.
sub client {
	my ($self, $identity) = @_;
	return Parley::Test::Client->new($self, $identity);
}

# --- The servers.

# The API's description goes with the answers that it is to describe.
sub start {
	my ($self) = @_;
	$self->{socket} = "$self->{directory}/api.sock";
	$self->{api} = $self->start_api('parley-api', $self->{socket},
	    PARLEY_API_CHILDREN => $self->{children});
	my $waiting = "$self->{directory}/waiting.sock";
	$self->{pool} = $self->start_api('parley-waiting', $waiting,
	    PARLEY_API_CHILDREN => $self->{waiting},
	    PARLEY_API_WAITING => $self->{waiting}) if $self->{waiting};
	$self->{port} = free_port();
	$self->{tls_port} = free_port();
	$self->{nginx} = Parley::Server->nginx(
	    directory => "$self->{directory}/nginx",
	    template => "$source/nginx/parley.conf.in",
	    values => {
		LISTEN => "listen 127.0.0.1:$self->{port} backlog=4096;"
		    . " listen 127.0.0.1:$self->{tls_port} ssl http2;",
		SOCKET => $self->{socket},
		WAITING => $self->{waiting} ? $waiting : $self->{socket},
		$self->certificates,
	    });
	$self->await;
	my $directory = $ENV{PARLEY_TEST_ANSWERS} or return;
	my $path = "$directory/openapi.json";
	return if -e $path;
	Parley::Server::spew("$path.$$",
	    $self->get('/v1/openapi.json')->content);
	rename "$path.$$", $path or croak "$path: $!";
}

sub start_api {
	my ($self, $name, $socket, %environment) = @_;
	return Parley::Server->start(
	    name => $name,
	    directory => "$self->{directory}/log",
	    command => [ "$build/parley-api", '--socket', $socket ],
	    environment => { $self->variables($self->{user}),
		PARLEY_SECRET_KEY_FILE => $self->secret_key,
		PARLEY_WORKER_WAKE => "$self->{directory}/wake.sock",
		%environment, %{ $self->{environment} } },
	    ready => sub { listening($socket) });
}

# Until it answers.
sub await {
	my ($self) = @_;
	return if wait_until(60, sub {
		my $answer = eval { $self->request('GET', '/v1/ready', undef,
		    { authorization => undef }, record => 0) };
		$answer && $answer->status == 200;
	});
	croak "parley-api does not answer:\n", log_end($self->{api}{log});
}

# Ends parley-api and starts it again; nginx goes on.
sub restart {
	my ($self, %environment) = @_;
	$self->{api}->stop;
	$self->{api}{environment} = { %{ $self->{api}{environment} },
	    %environment };
	$self->{api}->again;
	$self->await;
}

# Starts a parley-worker, with these variables too; what parley-api writes
# wakes the first one that runs.
sub start_worker {
	my ($self, %environment) = @_;
	my $workers = $self->{workers};
	my $count = 1 + @$workers;
	my $wake = "$self->{directory}/wake.sock";
	$wake = "$self->{directory}/wake-$count.sock"
	    if grep { $_->pid } @$workers;
	my $worker = Parley::Server->start(
	    name => "parley-worker-$count",
	    directory => "$self->{directory}/log",
	    command => [ "$build/parley-worker" ],
	    environment => { $self->variables('parley_worker'),
		PARLEY_WORKER_THREADS => 8,
		PARLEY_WORKER_CONNECTIONS => 4,
		PARLEY_SECRET_KEY_FILE => $self->secret_key,
		PARLEY_WORKER_WAKE => $wake,
		%{ $self->{environment} }, %environment },
	    ready => sub { hears($wake) });
	push @$workers, $worker;
	return $worker;
}

# Does anybody listen for datagrams at this path?
sub hears {
	my ($path) = @_;
	return defined IO::Socket::UNIX->new(Type => SOCK_DGRAM,
	    Peer => $path);
}

# Ends a worker with all of its processes as a power cut would.
sub crash_worker {
	my ($self, $worker) = @_;
	my $pid = $worker->pid;
	# Each server has a group of its own.
	kill 'KILL', -$pid;
	$worker->kill_hard;
	wait_until(30, sub { !kill 0, -$pid }) or croak
	    'the processes of a worker that was killed did not end';
}

sub worker { return $_[0]{workers}[0] }
sub api { return $_[0]{api} }
sub nginx { return $_[0]{nginx} }
sub port { return $_[0]{port} }
sub tls_port { return $_[0]{tls_port} }
sub socket { return $_[0]{socket} }
sub directory { return "$_[0]{directory}" }
sub ca { return { $_[0]->certificates }->{CERTIFICATE} }

# --- The database.

sub database { return $database }
sub name { return $_[0]{name} }

# What MariaDB answers to the statements: lines, columns parted by tabs,
# without the last end of line.
sub sql {
	my ($self, $statements) = @_;
	my $lines = $database->sql($statements, $self->{name});
	chomp $lines;
	return $lines;
}

# The same as a list of lists.
sub rows {
	my ($self, $statements) = @_;
	return map { [ split /\t/, $_, -1 ] } split /\n/,
	    $self->sql($statements);
}

# All that is stored, in short: equal before and after means that nothing
# was changed.  Rate and time leave no trace in it.
sub state {
	my ($self, @except) = @_;
	my %without = map { $_ => 1 } @except;
	$self->{tables} //= [ split /\n/, $self->sql('SHOW TABLES') ];
	return $self->sql('CHECKSUM TABLE ' . join ', ',
	    grep { !$without{$_} } @{ $self->{tables} });
}

# --- The operator's command.

# What `parley ARGUMENTS` prints, without the last end of line.  Dies with
# what it says when it fails.
sub cli {
	my ($self, @arguments) = @_;
	local %ENV = $self->surroundings('parley_admin');
	my $out = run([ "$build/parley", @arguments ]);
	chomp $out;
	return $out;
}

# A new key of the account.
sub make_key {
	my ($self, $account, @options) = @_;
	return $self->cli(qw(key add --account), $account, @options);
}

# --- What always has to be so.

# Faults and alerts that match are expected from here on.
sub expect_faults {
	my ($self, @patterns) = @_;
	push @{ $self->{faults} }, @patterns ? @patterns : qr/./;
}

# Ends the servers, and asserts.
sub done {
	my ($self) = @_;
	return if $self->{is_done}++;
	my @wrong = map { $self->ended($_) } @{ $self->{workers} },
	    $self->{api} // (), $self->{pool} // ();
	$self->{nginx}->stop if $self->{nginx};
	push @wrong, $self->faults, $self->reports, $self->alerts,
	    @{ $self->{complaints} };
	Test::More::is(join("\n", @wrong), '', 'no fault, no sanitizer'
	    . " report, no alert, and every answer of its type: $self->{name}");
	return if Test::More->builder->is_passing;
	for my $server (grep { $_ } @$self{qw(api pool nginx)},
	    @{ $self->{workers} }) {
		Test::More::diag("The end of $server->{log}:\n",
		    log_end($server->{log}, 15));
	}
}

# What is wrong with how a program of ours ended.
sub ended {
	my ($self, $server) = @_;
	my $status = $server->stop or return;
	return @{ $self->{faults} } ? () :
	    "$server->{name} ended with status $status";
}

sub faults {
	my ($self) = @_;
	return $self->unexpected(grep { / fault: / } map { split /\n/,
	    $_->log } $self->{api} // (), $self->{pool} // (),
	    @{ $self->{workers} });
}

sub unexpected {
	my ($self, @lines) = @_;
	for my $pattern (@{ $self->{faults} }) {
		@lines = grep { $_ !~ $pattern } @lines;
	}
	return @lines;
}

sub reports {
	my ($self) = @_;
	return map { "$_:\n" . log_end($_, 40) }
	    glob "$self->{directory}/sanitizer*";
}

sub alerts {
	my ($self) = @_;
	return unless $self->{nginx};
	return $self->unexpected(grep { /\[(?:alert|crit|emerg)\]/ }
	    split /\n/, $self->{nginx}->log);
}

sub complain {
	my ($self, $what) = @_;
	push @{ $self->{complaints} }, $what
	    if @{ $self->{complaints} } < 10;
}

# Keeps what the API answered, to be compared with its description.
sub record {
	my ($self, $method, $path, $answer) = @_;
	my $directory = $ENV{PARLEY_TEST_ANSWERS} or return;
	# A letter is the same when it is encoded (RFC 3986, section 6.2.2.2).
	$path =~ s/%(3\d|[46][1-9A-F]|[57][0-9A])/chr hex $1/gei;
	my $line = JSON::PP->new->utf8->canonical->encode({
	    method => $method, path => $path, status => $answer->status,
	    body => decode('UTF-8', $answer->content) }) . "\n";
	open my $file, '>>:raw', "$directory/$$.jsonl"
	    or croak "$directory: $!";
	print $file $line;
	close $file or croak "$directory: $!";
}

# Of a test that ended before done_testing, the servers end all the same.
END {
	for my $self (grep { $_ && !$_->{is_done} } @living) {
		my $log = $self->{api} && $self->{api}{log};
		Test::More::diag("The end of $log:\n", log_end($log, 15))
		    if $log && $?;
		$_->stop for grep { $_ } @{ $self->{workers} },
		    @$self{qw(nginx api)};
	}
	@living = ();
	undef $database;
}

# --- How it is made.

# Without a runner, as when a test is started by hand, there is a server of
# its own.
sub find_database {
	my $socket = $ENV{PARLEY_TEST_DATABASE_SOCKET};
	return $database = bless { socket => $socket, keep => 1,
	    owner => 0 }, 'Parley::Server' if $socket;
	state $directory = File::Temp->newdir('parley-XXXXXX', TMPDIR => 1);
	return $database = Parley::Server->mariadb(
	    directory => "$directory/mariadb",
	    options => [ '--innodb-flush-log-at-trx-commit=2' ]);
}

sub database_name {
	state $count = 0;
	my $script = basename($0) =~ s/\.t\z//r =~ s/\W/_/gr;
	return join '_', 't', substr($script, 0, 30), $$, ++$count;
}

sub make_database {
	my ($self) = @_;
	find_database() unless $database;
	$database->database($self->{name});
	local %ENV = $self->surroundings('root');
	run([ "$build/parley", 'migrate' ]);
	$database->sql($self->grants);
}

# sql/grants.sql for this database; every user's password is its name.
sub grants {
	my ($self) = @_;
	my $grants = Parley::Server::slurp("$source/sql/grants.sql");
	$grants =~ s/\bparley\./`$self->{name}`./g;
	$grants =~ s/\b(API|WORKER|ADMIN)_PASSWORD\b/"'parley_\L$1'"/ge;
	return $grants;
}

# The environment of a program that logs in as $user: none of the variables
# of this test's own environment reaches it.
sub variables {
	my ($self, $user) = @_;
	my $log = "log_path=$self->{directory}/sanitizer";
	return ((map { $_ => undef } grep { /^PARLEY_/ } keys %ENV),
	    PARLEY_CONFIG => $self->no_file,
	    PARLEY_DATABASE_SOCKET => $database->socket,
	    PARLEY_DATABASE_NAME => $self->{name},
	    PARLEY_DATABASE_USER => $user,
	    PARLEY_DATABASE_PASSWORD => $user eq 'root' ? '' : $user,
	    ASAN_OPTIONS => "detect_leaks=1:abort_on_error=0:$log",
	    UBSAN_OPTIONS => "print_stacktrace=1:$log");
}

# The whole environment of the operator's command.
sub surroundings {
	my ($self, $user) = @_;
	my %all = (%ENV, $self->variables($user),
	    PARLEY_SECRET_KEY_FILE => $self->secret_key);
	return map { $_ => $all{$_} } grep { defined $all{$_} } keys %all;
}

# A configuration that says nothing, so that none of the machine's is read.
sub no_file {
	my ($self) = @_;
	my $path = "$self->{directory}/parley.ini";
	Parley::Server::spew($path, '') unless -e $path;
	return $path;
}

sub secret_key {
	my ($self) = @_;
	my $path = "$self->{directory}/secret.key";
	return $path if -e $path;
	Parley::Server::spew($path, join('', map { sprintf '%02x',
	    int rand 256 } 1 .. 32) . "\n");
	chmod 0600, $path or croak "$path: $!";
	return $path;
}

sub certificates {
	my ($self) = @_;
	my ($certificate, $key) = certificate(
	    $ENV{PARLEY_TEST_CERTIFICATES} // "$self->{directory}/tls");
	return (CERTIFICATE => $certificate, KEY => $key);
}

sub make_account {
	my ($self, $name, $number) = @_;
	my $id = $self->cli(qw(account add), $name);
	my $key = $self->make_key($id);
	my $carrier = $self->cli(qw(carrier add --account), $id,
	    qw(--kind loopback --name loopback));
	$self->cli(qw(number add --account), $id, '--carrier', $carrier,
	    '--channels', 'sms,whatsapp', $number);
	return { id => $id, key => $key, carrier => $carrier,
	    number => $number };
}

1;
