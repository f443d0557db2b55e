#!/usr/bin/perl
# Each kind of work: done; tried again by its schedule, and done then; given
# up, with nothing done, and done when it is tried again by hand.
use v5.30;
use warnings;

use IO::Socket::UNIX ();
use Parley::Bulk qw(piece);
use Parley::Receiver;
use Parley::Test;
use Socket qw(SOCK_DGRAM);

use constant PATIENCE => 30;

my $parley = Parley::Test->new(start => 0);
# What is refused to the worker below.
$parley->expect_faults(qr/denied|parley_worker/);
my $receiver = Parley::Receiver->new;
my $url = $receiver->url;
my $next = 0;

# Whoever is told of the ends that there are takes no answer from it.
my $other = Parley::Receiver->new;
$parley->sql("UPDATE number_config SET webhook = '${\ $other->url}'");

# How often it was done, and what that is; which table it is kept from, so
# that it must be tried again (a webhook is answered 500), why that is, and
# after how many seconds.  Silence does all that it does in the transaction
# that records: where that fails its pause is the lease.
my %kinds = (
    silence => {
	count => "SELECT COUNT(*) FROM conversation
	    WHERE status = 'timeout' AND id = %s",
	done => 'the conversation ends',
	result => '{"struck":"timeout"}',
	table => 'conversation',
    },
    send => {
	count => "SELECT COUNT(*) FROM loopback_message l JOIN message m
	    ON m.id = l.message_id AND m.status = 'delivered'
	    WHERE m.conversation_id = %s",
	done => 'the carrier has the message',
	result => qr/^\{"message_sid":"LB/,
	table => 'message',
	reason => 'the store could not be read',
	pauses => [ 5, 30, 120, 600, 3600, 21600 ],
    },
    close => {
	count => 'SELECT COUNT(*) FROM delivery WHERE conversation_id = %s',
	done => 'a webhook is to be delivered',
	result => 'NULL',
	table => 'message',
	reason => 'the store cannot be read',
	pauses => [ 1, 5, 30, 120, 600, 3600 ],
    },
    deliver => {
	count => 'SELECT COUNT(*) FROM delivery
	    WHERE delivered_at IS NOT NULL AND conversation_id = %s',
	done => 'the webhook is delivered',
	result => '{"response_code":200}',
	reason => 'the receiver answered 500',
	pauses => [ 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400 ],
    },
);

sub make {
	my ($kind, %of) = @_;
	my $piece = piece($parley, $parley, ++$next, $kind, url => $url, %of);
	nudge();
	return $piece;
}

# Has the worker look now, or half of this test would be its poll.
sub nudge {
	IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => $parley->directory
	    . '/wake.sock')->send('.');
}

# The row, wherever it is.
sub row {
	my ($piece) = @_;
	my %row;
	@row{qw(state attempt reason pause result)} =
	    @{ ($parley->rows(<<~"END"))[0] // [] };
		SELECT state, attempt, reason,
		  TIMESTAMPDIFF(MICROSECOND, updated_at, due) / 1e6, 'NULL'
		FROM work WHERE id = X'$piece->{id}'
		UNION ALL SELECT 'done', attempt, '', 0, result
		FROM work_done WHERE id = X'$piece->{id}'
		END
	return \%row;
}

sub reaches {
	my ($piece, $wanted) = @_;
	my $row;
	wait_until(PATIENCE, sub {
		$row = row($piece);
		$wanted->($row)
	});
	return $row;
}

sub becomes {
	my ($piece, $state) = @_;
	return reaches($piece, sub { ($_[0]{state} // '') eq $state });
}

# How often it was done.
sub count {
	my ($piece) = @_;
	return $parley->sql(sprintf $kinds{ $piece->{kind} }{count},
	    "X'$piece->{conversation}'");
}

sub is_done {
	my ($piece, $attempt, $name) = @_;
	my $row = becomes($piece, 'done');
	my $wanted = $kinds{ $piece->{kind} }{result};
	is($row->{state}, 'done', $name);
	ref $wanted ? like($row->{result}, $wanted, '... it says so') :
	    is($row->{result}, $wanted, '... it says so');
	is($row->{attempt}, $attempt, "... at try $attempt");
	is(count($piece), 1, '... once');
}

# Trouble, from now on, and its end.
sub trouble {
	my ($kind) = @_;
	my $table = $kinds{$kind}{table};
	return $receiver->answer(500) unless $table;
	$parley->sql("REVOKE SELECT ON `${\ $parley->name}`.$table"
	    . " FROM 'parley_worker'\@'localhost'");
}

sub mend {
	my ($kind) = @_;
	my $table = $kinds{$kind}{table} or return;
	$parley->sql("GRANT SELECT ON `${\ $parley->name}`.$table"
	    . " TO 'parley_worker'\@'localhost'");
}

# Has the next try come, or the lease end, now.
sub hurry {
	my ($piece) = @_;
	$parley->sql('UPDATE work SET due = UTC_TIMESTAMP(6) WHERE id ='
	    . " X'$piece->{id}'");
	nudge();
}

my $worker = $parley->start_worker(PARLEY_NET_ALLOW => '127.0.0.0/8');

for my $kind (qw(silence send close deliver)) {
	my $of = $kinds{$kind};
	subtest "$kind, done" => sub {
		is_done(make($kind), 1, $of->{done});
	};

	subtest "$kind, tried again" => sub {
		trouble($kind);
		my $since = $parley->sql('SELECT UTC_TIMESTAMP(6)');
		my $piece = make($kind);
		my $row = reaches($piece, sub {
			my ($row) = @_;
			return $of->{pauses} ? $row->{state} eq 'waiting' &&
			    $row->{reason} eq $of->{reason} :
			    $row->{state} eq 'running' &&
			    $worker->log =~ /silence .* recorded=fault/;
		});
		my $attempt = $row->{attempt};
		if ($of->{pauses}) {
			is($row->{reason}, $of->{reason}, 'the reason is kept');
			my $pause = $of->{pauses}[$attempt - 1];
			# Its moment is chosen before it is written.
			is($parley->sql("SELECT due >= '$since' + INTERVAL"
			    . " $pause SECOND FROM work WHERE id ="
			    . " X'$piece->{id}'"), 1,
			    "it waits by its schedule, $pause seconds");
			cmp_ok($row->{pause}, '<=', $pause * 1.1 + 1,
			    'and a little');
		} else {
			is($row->{state}, 'running', 'its lease goes on');
		}
		is(count($piece), 0, 'nothing was done');
		mend($kind);
		hurry($piece);
		$row = becomes($piece, 'done');
		is_done($piece, $row->{attempt}, 'it is done when it can be');
		cmp_ok($row->{attempt}, '>', $attempt, 'at a later try');
	};

	my @dead = ([ 'whose order cannot be read', { payload => q('none') },
	    qr/payload/ ], [ 'that was taken up again and again',
	    { attempt => 100 }, qr/^it was taken up too often/ ]);
	# Of one that is given up the message is told, which wants the store.
	push @dead, [ 'whose schedule has ended',
	    { attempt => scalar @{ $of->{pauses} } }, qr/^\Q$of->{reason}/ ]
	    if $of->{pauses} && $kind ne 'send';
	for my $case (@dead) {
		my ($what, $given, $reason) = @$case;
		subtest "$kind, given up: one $what" => sub {
			my $meets = $what =~ /schedule/;
			trouble($kind) if $meets;
			my $piece = make($kind, %$given);
			my $row = becomes($piece, 'dead');
			mend($kind) if $meets;
			is($row->{state}, 'dead', 'it is given up');
			like($row->{reason}, $reason, 'the reason is kept');
			is(count($piece), 0, 'nothing was done');
			$parley->sql('UPDATE work SET payload = '
			    . "$piece->{payload} WHERE id = X'$piece->{id}'");
			like($parley->cli(qw(work list)), qr/$kind/,
			    'a person is shown it');
			$parley->cli(qw(work retry), lc $piece->{id});
			nudge();
			is_done($piece, 1, 'and may have it tried again');
		};
	}
}

is($parley->sql("SELECT COUNT(*) FROM work WHERE state = 'dead'"), 0,
    'nothing is left behind');
done_testing;
