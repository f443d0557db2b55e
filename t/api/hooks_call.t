#!/usr/bin/perl
# POST /v1/hooks/twilio/call-status: every status in every place that a
# conversation can be in, and every order in which a carrier can bring those
# of one call, each of them twice.
use v5.30;
use warnings;

use Parley::Phone;
use Parley::Test;

use constant PUBLIC => 'https://parley.example.test';

my $parley = Parley::Test->new(environment => {
    PARLEY_NET_ALLOW => '127.0.0.0/8', PARLEY_HTTP_PUBLIC_URL => PUBLIC });
my $phone = Parley::Phone->new($parley, public => PUBLIC);
my $calls = 0;

# What each word means.
my %means = (queued => 'triggered', initiated => 'triggered',
    ringing => 'ringing', 'in-progress' => 'in_progress',
    completed => 'completed', busy => 'unanswered', 'no-answer' => 'unanswered',
    failed => 'failed', canceled => 'cancelled');
my %rank = (token_created => 0, triggered => 1, ringing => 2,
    in_progress => 3);
my @final = qw(completed failed cancelled transferred unanswered);

# What comes of a word: forward until a final one, which stays.  A call that
# somebody had answered cannot end unanswered.
sub after {
	my ($from, $word) = @_;
	my $to = $means{$word};
	return $from if !defined $rank{$from};
	return $rank{$to} > $rank{$from} ? $to : $from if defined $rank{$to};
	return $from eq 'in_progress' && $to ne 'failed' ? 'completed' : $to;
}

# Each of a list in every order.
sub orders {
	my (@list) = @_;
	return [] if !@list;
	my @orders;
	for my $i (0 .. $#list) {
		my @rest = @list;
		my ($first) = splice @rest, $i, 1;
		push @orders, map { [ $first, @$_ ] } orders(@rest);
	}
	return @orders;
}

sub row { return Parley::Phone::row(@_) }
sub sid { return 'CA' . ++$calls }

subtest 'every status everywhere' => sub {
	for my $from (sort(keys %rank), @final) {
		for my $word (sort keys %means) {
			my ($conversation, $call) = $phone->order(work => 0,
			    progress => $from);
			$parley->sql("UPDATE conversation SET status = 'ended'"
			    . ' WHERE id = ' . row($conversation))
			    if !defined $rank{$from};
			my $sid = sid();
			my $wanted = after($from, $word);
			is(join(' ', map({ $phone->report($call, $sid, $word,
			    CallDuration => 5)->status } 1 .. 2),
			    $phone->progress($conversation)),
			    "200 200 $wanted", "$from, $word: $wanted");
		}
	}
};

subtest 'every order, each twice' => sub {
	my %wanted;
	for my $last (grep { !defined $rank{$means{$_}} } sort keys %means) {
		for my $order (orders(qw(initiated ringing in-progress),
		    $last)) {
			my ($conversation, $call) = $phone->order(work => 0);
			my ($sid, $progress) = (sid(), 'triggered');
			for my $word (@$order) {
				$progress = after($progress, $word);
				for (1 .. 2) {
					my $answer = $phone->report($call,
					    $sid, $word, $word eq $last ?
					    (CallDuration => 5) : ());
					is($answer->status, 200, $word)
					    if $answer->status != 200;
				}
			}
			$wanted{ $conversation =~ tr/-//dr } = [ $progress,
			    "@$order" ];
		}
	}
	for my $row ($parley->rows('SELECT LOWER(HEX(c.id)), c.progress,'
	    . " c.status, c.duration, p.is_up IS NULL, (SELECT COUNT(*) FROM"
	    . " work w WHERE w.kind = 'close' AND w.subject_id = c.id) FROM"
	    . ' conversation c JOIN phone_call p ON p.conversation_id = c.id'
	    . " WHERE c.status = 'ended'")) {
		my ($id, @is) = @$row;
		my $wanted = delete $wanted{$id} // next;
		is_deeply(\@is, [ $wanted->[0], 'ended', 5, 1, 1 ],
		    "$wanted->[1]: $wanted->[0], once, and its call is over");
	}
	is_deeply(\%wanted, {}, 'every one of them has ended');
};

subtest 'what a report may leave out' => sub {
	my ($conversation, $call) = $phone->order(work => 0);
	my $sid = sid();
	$phone->report($call, $sid, 'ringing');
	is($phone->report(undef, $sid, 'in-progress')->status, 200,
	    'our id of a call whose own is known');
	is($phone->progress($conversation), 'in_progress', 'it is found by that');
	is($phone->report($call, sid(), 'failed')->status, 200,
	    'but another call of the same name');
	is($phone->progress($conversation), 'in_progress', 'is not this one');
	is($phone->report($call, $sid, 'on-hold')->status, 200, 'a new word');
	is($phone->report($call, $sid, 'completed')->status, 200,
	    'and no duration');
	is($parley->sql('SELECT progress, duration >= 0 FROM conversation WHERE'
	    . ' id = ' . row($conversation)), "completed\t1",
	    'which is then measured');
	$phone->report($call, $sid, 'completed', CallDuration => 12);
	is($parley->sql('SELECT duration FROM conversation WHERE id = '
	    . row($conversation)), 12, 'until the carrier says it');
};

subtest 'what is refused' => sub {
	my ($conversation, $call) = $phone->order(work => 0);
	my $path = "/v1/hooks/twilio/call-status?call=$call";
	my $sid = sid();
	my ($headers, $body) = $phone->twilio->posted(PUBLIC . $path,
	    CallSid => $sid, CallStatus => 'completed');
	my $before = $parley->state;
	is($parley->post($path, $body, { authorization => undef, %$headers,
	    'X-Twilio-Signature' => 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' })->status,
	    403, 'another signature');
	is($parley->post("$path&x=1", $body, { authorization => undef,
	    %$headers })->status, 403, 'another query');
	is($parley->post($path, $body =~ s/completed/failed/r,
	    { authorization => undef, %$headers })->status, 403,
	    'another status');
	is($parley->state, $before, 'nothing has changed');
	is($phone->report(Parley::Phone::new_id(), sid(), 'completed')->status,
	    200, 'a call that nobody knows is passed over');
	is($phone->report('x', sid(), 'completed')->status, 400,
	    'what is no id is not');
	is($parley->state, $before, 'and still nothing has');
};

done_testing;
