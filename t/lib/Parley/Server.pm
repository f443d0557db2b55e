# The servers that a test or the demonstration needs, each of its own: a
# directory, a socket or a free port, a log, and an end.
#
#	use Parley::Server qw(free_port wait_until);
#	my $database = Parley::Server->mariadb(directory => "$tmp/db");
#	my $rows = $database->sql('SELECT 1');
#	my $port = free_port();
#	my $nginx = Parley::Server->nginx(
#	    directory => "$tmp/nginx",
#	    template  => "$srcdir/nginx/parley.conf.in",
#	    values    => {
#		LISTEN => "listen 127.0.0.1:$port ssl http2;",
#		SOCKET => "$tmp/api.sock",
#	    });
#	$nginx->stop;
#
# What a test starts ends with the test: with the object, with the process,
# and (by setpriv --pdeathsig) when the process is killed.  What is started
# with `keep => 1` goes on.  A start that fails dies with the end of the log.
package Parley::Server;

use v5.30;
use warnings;

use Carp qw(croak);
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Spec ();
use File::Temp ();
use IO::Select ();
use IO::Socket::INET ();
use IO::Socket::UNIX ();
use POSIX qw(WNOHANG setsid);
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(certificate free_port listening log_end reachable
    render run wait_until);

# The longest path that fits in a unix socket's address.
use constant SOCKET_PATH_MAX => 107;

# How long a server may take to start and to stop; generous, since machines
# with one slow disk and many tests at once are meant to pass.
use constant PATIENCE => 60;

# Calls $ask until it answers something true, and returns that; undef when
# $seconds have passed.
sub wait_until {
	my ($seconds, $ask) = @_;
	my $deadline = time + $seconds;
	my $pause = 0.002;
	for (;;) {
		my $answer = $ask->();
		return $answer if $answer;
		return undef if time > $deadline;
		sleep $pause;
		$pause *= 1.5 if $pause < 0.05;
	}
}

# A port of 127.0.0.1 that nobody listens on and that no other process which
# asks here will be given while this one lives.  Below the range from which
# the kernel takes the ports of outgoing connections.
my @held;
sub free_port {
	for (1 .. 1000) {
		my $port = 10240 + int rand 20000;
		my $hold = IO::Socket::UNIX->new(
		    Local => "\0parley-port-$port", Listen => 1) or next;
		IO::Socket::INET->new(LocalAddr => '127.0.0.1',
		    LocalPort => $port, Listen => 1, ReuseAddr => 1) or next;
		push @held, $hold;
		return $port;
	}
	croak 'no free port was found';
}

# Does anybody listen there: a port of 127.0.0.1, or the path of a socket?
sub listening {
	my ($where) = @_;
	return defined IO::Socket::INET->new(PeerAddr => '127.0.0.1',
	    PeerPort => $where, Timeout => 5) if $where =~ /^\d+$/;
	return defined IO::Socket::UNIX->new(Peer => $where);
}

# The text of the file $template with each @NAME@ replaced by $values.
sub render {
	my ($template, $values) = @_;
	my $text = slurp($template);
	$text =~ s{\@([A-Z_]+)\@}{
		$values->{$1} // croak "$template: no value for \@$1\@"
	}ge;
	return $text;
}

# Writes a self-signed certificate for localhost and 127.0.0.1 and its key
# to DIRECTORY/certificate.pem and key.pem, unless they are there.
sub certificate {
	my ($directory) = @_;
	my ($certificate, $key) = map { "$directory/$_.pem" }
	    qw(certificate key);
	return ($certificate, $key) if -s $certificate && -s $key;
	make_path($directory);
	run([qw(openssl req -x509 -newkey ec -pkeyopt
	    ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj
	    /CN=localhost -addext), 'subjectAltName=DNS:localhost,'
	    . 'IP:127.0.0.1', '-addext', 'keyUsage=critical,digitalSignature,'
	    . 'keyCertSign', '-keyout', $key, '-out', $certificate]);
	chmod 0600, $key or croak "$key: $!";
	return ($certificate, $key);
}

# Runs a command to its end with $input on its standard input; returns what
# it printed.  Dies with what it said on standard error when it fails.
sub run {
	my ($command, $input) = @_;
	my ($in, $out, $err) = map { File::Temp->new } 1 .. 3;
	print $in $input // '';
	$in->flush;
	my $pid = fork // croak "fork: $!";
	if ($pid == 0) {
		redirect("$in", "$out", "$err");
		exec @$command or POSIX::_exit(127);
	}
	waitpid $pid, 0;
	croak "@$command: ", $? >> 8 == 127 ? 'not found; ' : '',
	    'status ', $? >> 8, "\n", slurp("$err") if $?;
	return slurp("$out");
}

# Starts a program and waits until it is ready.
#   name        for messages
#   command     the program and its arguments
#   log         where its standard output and standard error go
#   directory   made if it is missing; logs without a directory go there
#   environment more variables, a value undef takes one away
#   ready       called until it is true; without it, started is ready
#   input       a file or socket handle that becomes its standard input
#   keep        it goes on when this process ends
#   pid_file    written: "PID START", see started()
sub start {
	my ($class, %of) = @_;
	my $self = bless { name => 'program', owner => $$, %of }, $class;
	make_path($self->{directory}) if $self->{directory};
	$self->{log} //= "$self->{directory}/$self->{name}.log";
	$self->again;
	return $self;
}

# A MariaDB with an empty data directory in DIRECTORY (or with what is there
# from the time before), on a unix socket only, whose user root has no
# password; it is the directory's mode that keeps others out.
#   directory   for data, log and socket
#   options     more for mariadbd
#   socket      its path, if not in DIRECTORY
# Adds to the object: socket.
sub mariadb {
	my ($class, %of) = @_;
	my $directory = own_directory($of{directory});
	my @user = $> == 0 ? '--user=root' : ();
	my ($short, $socket) = $of{socket} ? (undef, $of{socket}) :
	    socket_in($directory, 'mariadb.sock');
	make_path("$directory/none");
	my @sizes = map { "--innodb-$_" } qw(log-file-size=48M
	    buffer-pool-size=64M data-file-path=ibdata1:10M:autoextend);
	# A server that starts removes the temporary tables that it finds, also
	# those of another one that is being installed.
	run(['mariadb-install-db', '--no-defaults', "--datadir=$directory/data",
	    "--tmpdir=$directory", '--auth-root-authentication-method=normal',
	    qw(--skip-test-db --skip-name-resolve), @sizes, @user])
	    unless -d "$directory/data/mysql";
	return $class->start(
	    keep => $of{keep},
	    pid_file => $of{pid_file},
	    name => 'mariadb',
	    short => $short,
	    directory => $directory,
	    socket => $socket,
	    command => [ find('mariadbd'), '--no-defaults',
		"--datadir=$directory/data", "--socket=$socket",
		"--pid-file=$directory/mariadb.id", "--tmpdir=$directory",
		"--secure-file-priv=$directory/none",
		qw(--skip-networking --skip-name-resolve --skip-log-bin
		--character-set-server=utf8mb4 --max-connections=200
		--performance-schema=0 --table-open-cache=400), @sizes,
		@user, @{ $of{options} // [] } ],
	    ready => sub { greets($socket) });
}

# Does a MariaDB say something to who comes?  One that only listens is still
# starting, and hangs for good when it is told to end just then.
sub greets {
	my ($path) = @_;
	my $socket = IO::Socket::UNIX->new(Peer => $path) or return 0;
	return IO::Select->new($socket)->can_read(PATIENCE)
	    && sysread $socket, my $greeting, 1;
}

# nginx with the configuration $template, in the foreground.  PREFIX, PID,
# NGINX_DIR, USER, CERTIFICATE, KEY and WAITING (the same as SOCKET) have
# defaults; LISTEN and SOCKET are for the caller to say.
sub nginx {
	my ($class, %of) = @_;
	my $directory = own_directory($of{directory});
	my $values = { web_values($directory, \%of), PID =>
	    "$directory/nginx.pid", NGINX_DIR =>
	    abs_path(dirname $of{template}), %{ $of{values} } };
	$values->{WAITING} //= $values->{SOCKET};
	($values->{CERTIFICATE}, $values->{KEY}) = certificate($directory)
	    unless $values->{CERTIFICATE};
	spew("$directory/nginx.conf", render($of{template}, $values));
	unlink $values->{PID};
	return $class->start(
	    keep => $of{keep},
	    pid_file => $of{pid_file},
	    name => 'nginx',
	    directory => $directory,
	    log => "$directory/error.log",
	    command => [ find('nginx'), '-p', $directory, '-e',
		"$directory/error.log", '-c', "$directory/nginx.conf", '-g',
		'daemon off;' ],
	    ready => sub { -s $values->{PID} });
}

# Apache with the configuration $template, in the foreground.  PREFIX, PID,
# APACHE_DIR, APACHE_MODULES and USER have defaults; the rest is for the
# caller to say.  Apache does not serve as root: started by root it and what
# it starts are www-data, whom the caller lets reach its files (reachable).
sub apache {
	my ($class, %of) = @_;
	my $directory = own_directory($of{directory});
	my $values = { web_values($directory, \%of), PID =>
	    "$directory/apache.pid", APACHE_DIR =>
	    abs_path(dirname $of{template}), APACHE_MODULES =>
	    '/usr/lib/apache2/modules', USER => $> == 0 ?
	    "User www-data\nGroup www-data" : '', %{ $of{values} } };
	reachable($directory) if $> == 0;
	spew("$directory/httpd.conf", render($of{template}, $values));
	unlink $values->{PID};
	return $class->start(
	    name => 'apache',
	    directory => $directory,
	    log => "$directory/error.log",
	    environment => $of{environment},
	    command => [ find('apache2'), '-d', $directory, '-f',
		"$directory/httpd.conf", '-E', "$directory/error.log",
		'-D', 'FOREGROUND' ],
	    ready => sub { -s $values->{PID} });
}

# Starts it again, after an end that was wanted.
sub again {
	my ($self) = @_;
	$self->{pid} = fork // croak "fork: $!";
	$self->become if $self->{pid} == 0;
	$self->{started} = started($self->{pid});
	spew($self->{pid_file}, "$self->{pid} $self->{started}\n")
	    if $self->{pid_file};
	my $ended;
	wait_until(PATIENCE, sub {
		$ended = waitpid($self->{pid}, WNOHANG) == $self->{pid};
		return $ended || !$self->{ready} || $self->{ready}->();
	}) && !$ended and return;
	my $status = $?;
	$self->{pid} = 0 if $ended;
	$self->stop;
	croak "$self->{name} ", $ended ? "ended with status " . ($status >> 8)
	    : 'was not ready in time', ":\n", log_end($self->{log});
}

# Tells it to end and waits for that; its exit status, or undef when there
# was nothing to end.  One that does not end in time is killed, and dies.
sub stop {
	my ($self, $signal) = @_;
	my $pid = $self->{pid} or return undef;
	local ($?, $!);
	kill $signal // 'TERM', $pid;
	my $ended = wait_until(PATIENCE, sub { waitpid($pid, WNOHANG) == $pid });
	kill('KILL', $pid), waitpid $pid, 0 unless $ended;
	$self->{pid} = 0;
	unlink $self->{pid_file} if $self->{pid_file};
	croak "$self->{name} did not end within ", PATIENCE, " s:\n",
	    log_end($self->{log}) unless $ended;
	return $?;
}

# Ends it as a power cut would.
sub kill_hard {
	my ($self) = @_;
	return $self->stop('KILL');
}

sub signal {
	my ($self, $signal) = @_;
	return kill $signal, $self->{pid};
}

sub pid { return $_[0]{pid} }
sub log { return slurp($_[0]{log}) }
sub socket { return $_[0]{socket} }
sub directory { return $_[0]{directory} }

# What MariaDB answers to the statements: lines, columns parted by tabs.
sub sql {
	my ($self, $statements, $database) = @_;
	return run([ 'mariadb', '--no-defaults', '--batch', '--raw',
	    '--skip-column-names', '--default-character-set=utf8mb4',
	    '--user=root', "--socket=$self->{socket}",
	    defined $database ? $database : () ], $statements);
}

# An empty database; the variables with which our programs find it.
sub database {
	my ($self, $name) = @_;
	$self->sql("DROP DATABASE IF EXISTS `$name`;"
	    . "CREATE DATABASE `$name` CHARACTER SET utf8mb4");
	return (
	    PARLEY_DATABASE_SOCKET => $self->{socket},
	    PARLEY_DATABASE_NAME => $name,
	    PARLEY_DATABASE_USER => 'root',
	    PARLEY_DATABASE_PASSWORD => '');
}

# When process $pid began, in the kernel's ticks since the machine's start:
# with the number it names a process for good.  Empty: there is none.
sub started {
	my ($pid) = @_;
	open my $file, '<', "/proc/$pid/stat" or return '';
	my $line = readline($file) // '';
	my @fields = split ' ', $line =~ s/.*\)//sr;
	return '' if ($fields[0] // 'Z') eq 'Z';
	return $fields[19];
}

# The last lines of a log, for a message.
sub log_end {
	my ($path, $count) = @_;
	my @lines = -r $path ? split /^/, slurp($path) : ();
	my $first = @lines - ($count // 20);
	return join '', map { "  $_" } @lines[ ($first < 0 ? 0 : $first)
	    .. $#lines ];
}

sub DESTROY {
	my ($self) = @_;
	return if $self->{keep} || $self->{owner} != $$;
	$self->stop;
}

# The child's side of a start; does not return.
sub become {
	my ($self) = @_;
	my @bound = $self->{keep} ? () : qw(setpriv --pdeathsig TERM --);
	while (my ($name, $value) = each %{ $self->{environment} // {} }) {
		defined $value ? ($ENV{$name} = $value) : delete $ENV{$name};
	}
	setsid();
	redirect('/dev/null', $self->{log}, $self->{log});
	if ($self->{input}) {
		POSIX::dup2(fileno $self->{input}, 0) // POSIX::_exit(126);
	}
	# What make and prove hold open here must not stay open for ever.
	POSIX::close($_) for 3 .. 255;
	exec @bound, @{ $self->{command} } or do {
		print STDERR "$self->{command}[0]: $!\n";
		POSIX::_exit(127);
	};
}

sub redirect {
	my ($in, $out, $err) = @_;
	open STDIN, '<', $in or POSIX::_exit(126);
	open STDOUT, '>>', $out or POSIX::_exit(126);
	open STDERR, '>>', $err or POSIX::_exit(126);
}

# Values that nginx and Apache share.  Started as root they stay root: the
# directories of a test are closed to everybody else.
sub web_values {
	my ($directory, $of) = @_;
	return (PREFIX => $directory, USER => $> == 0 ? 'user root;' : '');
}

sub own_directory {
	my ($directory) = @_;
	make_path($directory, { mode => 0700 });
	return abs_path($directory);
}

# A path for a socket: in the directory, or where that is too long for an
# address in a short directory that goes with the first result.
sub socket_in {
	my ($directory, $name) = @_;
	my $path = "$directory/$name";
	return (undef, $path) if length $path <= SOCKET_PATH_MAX;
	my $short = File::Temp->newdir('parley-XXXXXX', TMPDIR => 1);
	return ($short, "$short/$name");
}

# Lets everybody pass through the directories to $path, as far as they are
# temporary ones of ours.
sub reachable {
	my ($path) = @_;
	my $top = abs_path(File::Spec->tmpdir);
	for ($path = abs_path($path); $path =~ m{^\Q$top\E/};
	    $path = dirname($path)) {
		my ($mode, $owner) = (stat $path)[2, 4];
		next if !-d _ || $owner != $>;
		chmod $mode & 07777 | 0111, $path or croak "$path: $!";
	}
}

# Where a program is; the directories of servers are not on every PATH.
sub find {
	my ($program) = @_;
	for (split(/:/, $ENV{PATH} // ''), '/usr/sbin', '/usr/local/sbin') {
		return "$_/$program" if -x "$_/$program";
	}
	croak "$program is not installed; run ./bootstrap";
}

sub slurp {
	my ($path) = @_;
	open my $file, '<:raw', $path or croak "$path: $!";
	local $/;
	return readline($file) // '';
}

sub spew {
	my ($path, $text) = @_;
	open my $file, '>:raw', $path or croak "$path: $!";
	print $file $text or croak "$path: $!";
	close $file or croak "$path: $!";
}

1;
