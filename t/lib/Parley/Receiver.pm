# Somebody who is told by webhook: keeps what it is posted, and answers as it
# is told to.
#
#	use Parley::Receiver;
#
#	my $receiver = Parley::Receiver->new;
#	# the number's webhook: $receiver->url
#	$receiver->answer(500, 410);
#	... two webhooks are sent ...
#	my @posted = $receiver->requests;
#
# Each request takes the next answer of those that were ordered; when none
# is left it is 200.  An answer is a status, or a status and one header:
# "302 Location: http://127.0.0.1:9/"; or "hang", and nothing is said until
# $receiver->go, when it is 200.
package Parley::Receiver;

use v5.30;
use warnings;

use Carp qw(croak);
use Fcntl qw(:flock SEEK_SET);
use File::Temp ();
use IO::Socket::INET ();
use JSON::PP ();
use POSIX ();

my $json = JSON::PP->new->utf8->canonical;

sub new {
	my ($class) = @_;
	my $directory = File::Temp->newdir('receiver-XXXXXX', TMPDIR => 1);
	my $self = bless {
		directory => $directory,
		record => "$directory/record",
		plan => "$directory/plan",
		owner => $$,
		hanging => [],
	}, $class;
	append($self->{$_}, '') for qw(record plan);
	$self->{listener} = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
	    Listen => 128, ReuseAddr => 1) or croak "listen: $!";
	$self->{port} = $self->{listener}->sockport;
	$self->{pid} = fork // croak "fork: $!";
	if ($self->{pid} == 0) {
		eval { $self->serve };
		POSIX::_exit(1);
	}
	close $self->{listener};
	return $self;
}

sub url { return "http://127.0.0.1:$_[0]{port}/" . ($_[1] // 'hook') }

# The next requests are answered so, one each.
sub answer {
	my ($self, @answers) = @_;
	append($self->{plan}, join '', map { "$_\n" } @answers);
	return;
}

# All that hang are answered.
sub go { return kill 'USR1', $_[0]{pid} }

# What came, in order: { method, path, headers, body, document, at }.  The
# names of headers are small.
sub requests {
	my ($self) = @_;
	open my $file, '<', $self->{record} or croak "$self->{record}: $!";
	lock_file($file, LOCK_SH);
	return map { $json->decode($_) } readline $file;
}

sub stop {
	my ($self) = @_;
	my $pid = delete $self->{pid} or return;
	return if $self->{owner} != $$;
	local ($?, $!);
	kill 'KILL', $pid;
	waitpid $pid, 0;
	return;
}

sub DESTROY { $_[0]->stop }

# --- The server, which takes one request at a time.

sub serve {
	my ($self) = @_;
	$SIG{$_} = 'DEFAULT' for qw(TERM INT);
	$SIG{PIPE} = 'IGNORE';
	my $parent = getppid;
	# Only that it looks again for its parent.
	local $SIG{ALRM} = sub {
		POSIX::_exit(0) if getppid != $parent;
		alarm 1;
	};
	alarm 1;
	local $SIG{USR1} = sub {
		say_status($_, 200) for splice @{ $self->{hanging} };
	};
	for (;;) {
		my $client = $self->{listener}->accept or next;
		eval { $self->take($client) };
	}
}

sub take {
	my ($self, $client) = @_;
	my ($head, $body) = ('', '');
	while ($head !~ /\r\n\r\n/) {
		$client->sysread($head, 65536, length $head) // $!{EINTR}
		    or return;
	}
	($head, $body) = split /\r\n\r\n/, $head, 2;
	my ($first, @lines) = split /\r\n/, $head;
	my ($method, $path) = split / /, $first;
	my %headers = map { /^([^:]+):\s*(.*)/ ? (lc $1 => $2) : () } @lines;
	while (length $body < ($headers{'content-length'} // 0)) {
		$client->sysread($body, 65536, length $body) // $!{EINTR}
		    or return;
	}
	my ($status, $header) = split / /, $self->next_answer, 2;
	# Who sees in the record that it has come may say go() at once.
	push @{ $self->{hanging} }, $client if $status eq 'hang';
	append($self->{record}, $json->encode({ method => $method,
	    path => $path, headers => \%headers, body => $body, at => time,
	    document => scalar eval { $json->decode($body) } }) . "\n");
	say_status($client, $status, $header) if $status ne 'hang';
	return;
}

sub say_status {
	my ($client, $status, $header) = @_;
	$client->print("HTTP/1.1 $status Said\r\n",
	    defined $header ? "$header\r\n" : '',
	    "Connection: close\r\nContent-Length: 2\r\n\r\nok");
	$client->close;
	return;
}

sub next_answer {
	my ($self) = @_;
	open my $file, '+<', $self->{plan} or croak "$self->{plan}: $!";
	lock_file($file, LOCK_EX);
	my ($next, @rest) = readline $file;
	seek $file, 0, SEEK_SET;
	truncate $file, 0 or croak "$self->{plan}: $!";
	print $file @rest;
	close $file or croak "$self->{plan}: $!";
	chomp($next //= 200);
	return $next;
}

# The one who looks for its parent interrupts.
sub lock_file {
	my ($file, $how) = @_;
	until (flock $file, $how) {
		croak "flock: $!" unless $!{EINTR};
	}
	return;
}

sub append {
	my ($path, $text) = @_;
	open my $file, '>>', $path or croak "$path: $!";
	lock_file($file, LOCK_EX);
	print $file $text;
	close $file or croak "$path: $!";
	return;
}

1;
