# Requests over HTTP that are made by a schedule, whether or not those before
# were answered: what waits for a slow server is counted as it would wait for
# a carrier, which no closed loop of clients does.
#
#	use Parley::Load qw(drive percentile post);
#
#	my @done = drive(port => $port, jobs => [
#	    map { { name => $_, at => $_ / 1000,
#		requests => [ post($path, \%headers, $body) ] } } 1 .. 5000 ]);
#	say percentile(0.99, map { $_->{waited} } @done);
#
# A job's requests are made one after another on one connection.  A few
# processes share the jobs; their connections are kept.
package Parley::Load;

use v5.30;
use warnings;

use Carp qw(croak);
use Exporter qw(import);
use File::Temp ();
use IO::Socket::INET ();
use POSIX ();
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Time::HiRes qw(time);

our @EXPORT_OK = qw(drive percentile post);

# The text of a request.
sub post {
	my ($path, $headers, $body) = @_;
	return join "\r\n", "POST $path HTTP/1.1", 'Host: 127.0.0.1',
	    'Content-Length: ' . length $body,
	    map({ "$_: $headers->{$_}" } sort keys %$headers), '', $body;
}

# Makes them all.
#   port         of 127.0.0.1
#   jobs         { name, at => seconds from the start, requests }; in order
#   processes    2
#   connections  of each, 64
#   patience     seconds after the last job's time, 60
# Returns for each request { name, at => its moment by the schedule, waited =>
# seconds since then, or for the second and later of a job since the one
# before was answered, took => since it was sent, status }.  Dies when they
# are not answered in time.
sub drive {
	my (%of) = (processes => 2, connections => 64, patience => 60, @_);
	my $start = time + 0.2;
	my @children;
	for my $share (0 .. $of{processes} - 1) {
		my $out = File::Temp->new;
		my $pid = fork // croak "fork: $!";
		if ($pid == 0) {
			$SIG{$_} = 'DEFAULT' for qw(HUP INT TERM);
			my @jobs = @{ $of{jobs} }[grep { $_ % $of{processes}
			    == $share } 0 .. $#{ $of{jobs} }];
			my $done = eval { run_jobs(\%of, $start, $out,
			    @jobs); 1 };
			print STDERR $@ unless $done;
			POSIX::_exit($done ? 0 : 1);
		}
		push @children, [ $pid, $out ];
	}
	my $failed = 0;
	for my $child (@children) {
		waitpid $child->[0], 0;
		$failed ||= $?;
	}
	croak 'not everything was answered' if $failed;
	return map { read_results($_->[1]) } @children;
}

# Of numbers; undef of none.
sub percentile {
	my ($share, @numbers) = @_;
	my @sorted = sort { $a <=> $b } @numbers or return undef;
	my $place = POSIX::ceil($share * @sorted) - 1;
	return $sorted[$place < 0 ? 0 : $place];
}

sub read_results {
	my ($file) = @_;
	seek $file, 0, 0;
	return map {
		my %result;
		chomp;
		@result{qw(name at waited took status)} = split /\t/;
		\%result;
	} readline $file;
}

# --- One process.

sub run_jobs {
	my ($of, $start, $out, @jobs) = @_;
	my $parent = getppid;
	my $last = $start + (@jobs ? $jobs[-1]{at} : 0) + $of->{patience};
	my @free = map { connect_to($of->{port}) } 1 .. $of->{connections};
	my (%busy, $bits);
	while (@jobs || %busy) {
		my $now = time;
		die "after $of->{patience} s there is no answer\n"
		    if $now > $last;
		die "nobody waits for the answers\n" if getppid != $parent;
		while (@jobs && @free && $start + $jobs[0]{at} <= $now) {
			my $job = shift @jobs;
			my $connection = pop @free;
			@$connection{qw(job next due)} =
			    ($job, 0, $start + $job->{at});
			$busy{ fileno $connection->{socket} } = $connection;
			ask($connection);
		}
		my $pause = @jobs && @free ? $start + $jobs[0]{at} - time : 1;
		$bits = '';
		vec($bits, $_, 1) = 1 for keys %busy;
		next unless select $bits, undef, undef, $pause > 0 ? $pause : 0;
		for my $number (grep { vec $bits, $_, 1 } keys %busy) {
			my $connection = $busy{$number};
			hear($of, $connection, $out) or next;
			delete $busy{$number};
			if ($connection->{next} < @{ $connection->{job}
			    {requests} }) {
				$busy{ fileno $connection->{socket} } =
				    $connection;
				ask($connection);
				next;
			}
			push @free, $connection;
		}
	}
	close $out or die "the results: $!\n";
}

sub connect_to {
	my ($port) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
	    PeerPort => $port) or die "127.0.0.1:$port: $!\n";
	setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1;
	return { socket => $socket };
}

sub ask {
	my ($connection) = @_;
	my $text = $connection->{job}{requests}[ $connection->{next}++ ];
	@$connection{qw(sent answer)} = (time, '');
	my $written = syswrite $connection->{socket}, $text;
	die 'a request was not taken: ', $! // '', "\n"
	    if ($written // -1) != length $text;
}

# Is the answer whole?
sub hear {
	my ($of, $connection, $out) = @_;
	sysread $connection->{socket}, $connection->{answer}, 65536,
	    length $connection->{answer} or die "a connection was closed\n";
	my $end = index $connection->{answer}, "\r\n\r\n";
	return 0 if $end < 0;
	my $head = substr $connection->{answer}, 0, $end;
	my ($length) = $head =~ /^Content-Length: (\d+)/mi
	    or die "an answer without its length:\n$head\n";
	return 0 if length $connection->{answer} < $end + 4 + $length;
	my $now = time;
	my ($status) = $head =~ m{\AHTTP/1\.1 (\d+)};
	print $out join("\t", $connection->{job}{name}, $connection->{due},
	    $now - $connection->{due}, $now - $connection->{sent}, $status),
	    "\n";
	$connection->{due} = $now;
	# nginx ends each after so many requests.
	$connection->{socket} = connect_to($of->{port})->{socket}
	    if $head =~ /^Connection: close/mi;
	return 1;
}

1;
