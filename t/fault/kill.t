# Children, parley-api and the database killed in the middle of load: what
# was answered is stored once, nothing is stored by halves, and everything
# goes on by itself.
use v5.30;
use warnings;

use Time::HiRes ();

# A database of its own, that can be killed.
BEGIN { delete $ENV{PARLEY_TEST_DATABASE_SOCKET} }

use Parley::Fault qw(broken children create crowd_end crowd_start
    watch_silence PATIENCE);
use Parley::Server qw(listening);
use Parley::Test;

use constant {
	CLIENTS => 8,
	CHILDREN => 6,
	KILLS => 12,
};

my $test = Parley::Test->new(children => CHILDREN,
    environment => { PARLEY_API_RATE => 0, PARLEY_DATABASE_TIMEOUT => 5 });
$test->expect_faults(qr/ended by signal 9/, qr/no database: /,
    qr/the answer to a COMMIT was lost/,
    qr/connect\(\) to unix:\S+ failed \(2: No such file/);
watch_silence($test);

my $directory = $test->directory;
my $over = "$directory/over";
my $load = crowd_start(CLIENTS, \&client);

ok(goes_on('200', 50), 'messages are stored');

for (1 .. KILLS) {
	my @children;
	wait_until(PATIENCE, sub { @children = children($test->api->pid) })
	    or last;
	kill KILL => $children[rand @children];
	goes_on('200', 5) or last;
}
ok(goes_on('200', 50), 'children are killed, and it goes on');
ok(wait_until(PATIENCE, sub { children($test->api->pid) == CHILDREN }),
    'as many children as before');

my @orphans = children($test->api->pid);
$test->api->kill_hard;
ok(wait_until(PATIENCE, sub { !grep { -d "/proc/$_" } @orphans }),
    'the parent is killed, and its children end');
ok(!listening($test->socket), 'nobody listens any more');
ok(goes_on('502', 5), 'nginx says so');
$test->api->again;
ok(goes_on('200', 50), 'it is started again over the old socket, and goes on');

$test->database->kill_hard;
ok(goes_on('503', 5), 'the database is killed, and the API says so');
my $answer = $test->get('/v1/me');
is($answer->status, 503, 'to every request');
like($answer->header('retry-after'), qr/^[1-9]\d*$/, 'and when to come again');
is($test->get('/v1/ready')->status, 503, 'it is not ready');
is($test->get('/v1/health')->status, 200, 'and alive');
$test->database->again;
ok(goes_on('200', 50), 'the database is started again, and it goes on');
is($test->get('/v1/ready')->status, 200, 'it is ready');

for (1 .. 2) {
	$test->database->kill_hard;
	$test->database->again;
	ok(goes_on('200', 20), 'and once more');
}

Parley::Server::spew($over, '');
my @told = map { @$_ } crowd_end($load);

my (%stored, %wrong);
$stored{$_}++ for split /\n/, $test->sql('SELECT text FROM message');
for (@told) {
	my ($text, $status) = @$_;
	my $times = $stored{$text} // 0;
	$wrong{lost}++ if $times == 0 && $status == 200;
	$wrong{twice}++ if $times > 1;
}
is_deeply(\%wrong, {}, 'what was answered is stored, and nothing twice')
    or diag(explain(\%wrong));
my %asked = map { $_->[0] => 1 } @told;
is(scalar(grep { !$asked{$_} } keys %stored), 0,
    'and nothing that nobody asked for');
is(join("\n", map { @{ $_->[2] } } @told), '',
    'every failure is 502, 503 or 504, in the error document, and says when'
    . ' to come again');
is(join("\n", broken($test)), '', 'the store is whole');

done_testing;

# Creates messages until it is over.  What has an Idempotency-Key or an id of
# the carrier is repeated until it is stored, the rest is not.  Each message
# as [text, the last status, what is wrong].
sub client {
	my ($i) = @_;
	my (@told, $n);
	open my $log, '>>', "$directory/statuses" or die "statuses: $!";
	$log->autoflush(1);
	until (-e $over) {
		my $text = "$i-" . ++$n;
		my %fields = (message => $text,
		    sender => $n % 3 ? 'AGENT' : 'USER',
		    user_number => sprintf('+1555333%04d', $i % 4 * 10 + $n % 5),
		    $n % 7 == 0 ? (new_conversation => JSON::PP::true) : (),
		    $n % 4 == 1 ? ('Idempotency-Key' => $text) : (),
		    $n % 4 == 2 ? (message_sid => "SM$text") : ());
		my @wrong;
		my $status;
		do {
			my $answer = eval { create($test, %fields) }
			    // { status => 'none', body => "$@" };
			$status = $answer->{status};
			print $log "$status\n";
			push @wrong, fault($answer) // ();
			# Not too fast while there is nobody to answer.
			Time::HiRes::sleep(0.01) if $status ne '200';
		} until $status eq '200' || $n % 4 == 0 || $n % 4 == 3
		    || -e $over;
		push @told, [ $text, $status, \@wrong ];
	}
	return \@told;
}

# What is wrong with an answer that is no 200.
sub fault {
	my ($answer) = @_;
	my $status = $answer->{status};
	return undef if $status eq '200';
	# The first of two requests under one key may be under way when its
	# client has lost it and comes again.
	return undef if $status eq '409'
	    && $answer->{error} eq 'IDEMPOTENCY_KEY_IN_USE';
	return undef if $status =~ /^50[234]$/
	    && $answer->{error} =~ /^SERVICE_UNAVAILABLE/
	    && ($answer->{retry} // '') =~ /^[1-9]\d*$/;
	return "$status: $answer->{body}";
}

# Are there $count more answers of this status from now on?
sub goes_on {
	my ($status, $count) = @_;
	my $from = -s "$directory/statuses" // 0;
	return wait_until(PATIENCE, sub {
		open my $file, '<', "$directory/statuses" or return 0;
		seek $file, $from, 0;
		my $seen = grep { $_ eq "$status\n" } readline $file;
		return $seen >= $count;
	});
}
