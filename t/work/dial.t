#!/usr/bin/perl
# Calls are placed: by the loopback carrier, and by one that speaks Twilio's
# API and fails in each way that it can; once each, and no more at once than
# the account may have.
use v5.30;
use warnings;

use Parley::Phone;
use Parley::Test;

use constant {
	PATIENCE => 30,
	BEFORE => 2,
	PUBLIC => 'https://parley.example.test',
};

my $parley = Parley::Test->new(worker => 1, environment => {
    PARLEY_NET_ALLOW => '127.0.0.0/8', PARLEY_HTTP_PUBLIC_URL => PUBLIC,
    PARLEY_TELEPHONE_CALLS => 3 });
my $phone = Parley::Phone->new($parley, public => PUBLIC);
my $twilio = $phone->twilio;

sub row { return Parley::Phone::row(@_) }
sub workflow { return $parley->get("/v1/workflows/$_[0]")->data }
sub standing { return workflow($_[0])->{state} }

sub done {
	my ($work) = @_;
	return wait_until(PATIENCE, sub { standing($work) =~ /^(done|dead)$/ });
}

# Of a call that was tried BEFORE times: the pause that follows is longer than
# what is done meanwhile.
sub tried {
	my ($work) = @_;
	return wait_until(PATIENCE, sub {
		my $shown = workflow($work);
		$shown->{state} eq 'waiting' &&
		    $shown->{attempts} == BEFORE + 1
	});
}

# Lets the time pass until the next try, and until a request that was under
# way has landed.
sub elapse {
	my ($call) = @_;
	my $id = row($call);
	$parley->sql('UPDATE phone_call SET placed_at = placed_at - INTERVAL'
	    . " 60 SECOND WHERE id = $id; UPDATE work SET due ="
	    . " UTC_TIMESTAMP(6) WHERE id = $id AND state = 'waiting'");
}

# The work that looks after a conversation's call.
sub watch {
	my ($conversation) = @_;
	return lc($parley->sql("SELECT HEX(id) FROM work WHERE payload LIKE"
	    . " '%watch%' AND subject_id = " . row($conversation))) =~
	    s/^(.{8})(.{4})(.{4})(.{4})/$1-$2-$3-$4-/r;
}

sub placed { return grep { $_->{to} eq $_[0] } $twilio->placed }
sub posts { return grep { $_->{method} eq 'POST' &&
    $_->{form}{To} eq $_[0] } $twilio->calls }

# It is over, for the user hung up.
sub hang_up {
	my ($user, $call) = @_;
	$phone->report($call, (placed($user))[0]{sid}, 'completed',
	    CallDuration => 7);
}

# --- The loopback carrier.

my $user = $phone->new_user;
my ($conversation, $call) = $phone->order(number => $parley->number,
    user => $user);
ok(done($call), 'a call is placed without a provider');
is_deeply([ $parley->rows('SELECT from_number, to_number, text FROM'
    . ' loopback_message') ], [ [ $parley->number, $user,
    PUBLIC . "/v1/hooks/twilio/voice?call=$call" ] ],
    'the carrier keeps it, with the address that it would ask');
is($phone->progress($conversation), 'triggered', 'and nothing rings');
like(workflow($call)->{result}{call_sid}, qr/^LB/, 'its id is known');
my $watch = watch($conversation);
is($parley->sql('SELECT ROUND(TIMESTAMPDIFF(MICROSECOND, p.updated_at, w.due)'
    . ' / 1e6) FROM work w JOIN phone_call p ON p.id = ' . row($call)
    . ' WHERE w.id = ' . row($watch)), 630,
    'it is looked after when it must have rung out');
$parley->sql('UPDATE phone_call SET updated_at = updated_at - INTERVAL 1 HOUR'
    . ' WHERE id = ' . row($call) . '; UPDATE work SET due = UTC_TIMESTAMP(6)'
    . ' WHERE id = ' . row($watch));
ok(done($watch), 'when it is looked after');
is($phone->progress($conversation), 'unanswered', 'nobody has answered');
is($parley->sql('SELECT is_up FROM phone_call WHERE id = ' . row($call)),
    'NULL', 'and it is up no more');

# --- Twilio's API.

$user = $phone->new_user;
($conversation, $call) = $phone->order(user => $user);
ok(done($call), 'a call is placed by Twilio');
is_deeply((posts($user))[0]{form}, { To => $user, From => $phone->number,
    map({ $_ => PUBLIC . "/v1/hooks/twilio/voice?call=$call" }
	qw(Url FallbackUrl)),
    StatusCallback => PUBLIC . "/v1/hooks/twilio/call-status?call=$call",
    StatusCallbackEvent => [ qw(initiated ringing answered completed) ],
    Timeout => 30, TimeLimit => 3600 },
    'with its ends, what is asked, what is reported, and its limits');
my ($known) = placed($user);
is(workflow($call)->{result}{call_sid}, $known->{sid},
    'the work has its id');
is($parley->sql('SELECT carrier_call_id FROM conversation WHERE id = '
    . row($conversation)), $known->{sid}, 'the conversation too');
$phone->report($call, $known->{sid}, 'in-progress');
$watch = watch($conversation);
$parley->sql('UPDATE work SET due = UTC_TIMESTAMP(6) WHERE id = '
    . row($watch));
ok(wait_until(PATIENCE, sub { $parley->sql('SELECT due > UTC_TIMESTAMP(6) +'
    . ' INTERVAL 4100 SECOND FROM work WHERE id = ' . row($watch)) }),
    'a call that was answered may last for as long as it may');
hang_up($user, $call);
is($phone->progress($conversation), 'completed', 'and it ends');
$parley->sql('UPDATE work SET due = UTC_TIMESTAMP(6) WHERE id = '
    . row($watch));
ok(done($watch), 'what looks after it');
is(workflow($watch)->{result}{nothing}, 'the call is over',
    'has nothing left to do');

# --- What goes wrong and passes.  Of each: is it placed again?

for my $case ([ '429', 2 ], [ '503', 2 ], [ '500', 2 ],
    [ '500-accepted', 1 ], [ 'reset', 2 ], [ 'reset-accepted', 1 ],
    [ 'lost', 1 ]) {
	my ($fault, $given) = @$case;
	my $user = $phone->new_user;
	$twilio->fail($fault);
	my ($conversation, $call) = $phone->order(user => $user,
	    attempt => BEFORE);
	ok(tried($call), "$fault: it is tried again");
	is($phone->progress($conversation), 'triggered',
	    "$fault: it is still to be placed");
	elapse($call);
	ok(done($call), "$fault: and it is placed");
	is(scalar(placed($user)), 1, "$fault: it rings once");
	is(scalar(posts($user)), $given, "$fault: it was " . ($given == 1 ?
	    'found there, and not placed again' : 'placed twice'));
	is(workflow($call)->{result}{call_sid}, (placed($user))[0]{sid},
	    "$fault: its id is known");
	hang_up($user, $call);
}

# --- A report that comes before we know the id.

$user = $phone->new_user;
$twilio->fail('lost');
($conversation, $call) = $phone->order(user => $user,
    attempt => BEFORE);
ok(tried($call), 'nobody knows yet whether it was placed');
my $sid = (placed($user))[0]{sid};
is($phone->report($call, $sid, 'ringing')->status, 200, 'but it rings');
is($phone->progress($conversation), 'ringing', 'which is not lost');
elapse($call);
ok(done($call), 'its work');
is(scalar(posts($user)), 1, 'places it no second time');
is($parley->sql('SELECT carrier_call_id FROM conversation WHERE id = '
    . row($conversation)), $sid, 'and its id is known');
hang_up($user, $call);

# --- What is refused for good.

$user = $phone->new_user;
$twilio->fail('400');
($conversation, $call) = $phone->order(user => $user);
ok(done($call), 'what the carrier refuses');
is(standing($call), 'dead', 'is given up');
is(workflow($call)->{reason}, 'the carrier answered 400: fault 400',
    'for a reason');
is($phone->progress($conversation), 'failed', 'and the conversation failed');
is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'close' AND"
    . ' subject_id = ' . row($conversation)) + $parley->sql('SELECT COUNT(*)'
    . " FROM work_done WHERE kind = 'close' AND subject_id = "
    . row($conversation)), 1, 'which is told');
($conversation, $call) = $phone->order(number => '+15550009999');
ok(done($call), 'a call from a number that is not there');
is($phone->progress($conversation), 'failed', 'failed');

# --- One that nobody wants any more.

$user = $phone->new_user;
$twilio->fail('429');
($conversation, $call) = $phone->order(user => $user,
    attempt => BEFORE);
ok(tried($call), 'a call that is yet to be placed');
$parley->sql("UPDATE conversation SET status = 'ended', progress ="
    . " 'cancelled' WHERE id = " . row($conversation));
elapse($call);
ok(done($call), 'whose conversation has ended');
is(scalar(placed($user)), 0, 'is not placed');

# --- No more at once than the account may have.

my @users = map { $phone->new_user } 1 .. 5;
my @calls = map { ($phone->order(user => $_))[1] } @users;
my $busy = sub { scalar grep { standing($_) eq 'done' } @calls };
ok(wait_until(PATIENCE, sub { $busy->() == 3 }), 'three calls are placed');
my @waiting = grep { standing($_) ne 'done' } @calls;
ok(wait_until(PATIENCE, sub { !grep { $parley->sql('SELECT'
    . ' COUNT(*) FROM work WHERE due > updated_at + INTERVAL 1 SECOND AND'
    . ' attempt = 0 AND id = ' . row($_)) == 0 } @waiting }),
    'two wait, which is no try');
is(scalar(map { placed($_) } @users), 3, 'and are not at the carrier');
my ($first) = grep { placed($users[$_]) } 0 .. 4;
hang_up($users[$first], $calls[$first]);
ok(wait_until(PATIENCE, sub { $busy->() == 4 }),
    'when one has ended, one more is placed');
is(scalar(map { placed($_) } @users), 4, 'and only one');
hang_up($users[$_], $calls[$_]) for grep { $_ != $first && placed($users[$_]) }
    0 .. 4;
ok(wait_until(PATIENCE, sub { $busy->() == 5 }), 'and at last all of them');
is(scalar(map { placed($_) } @users), 5, 'each once');

# --- Nobody answers.

hang_up($users[$_], $calls[$_]) for 0 .. 4;
$user = $phone->new_user;
($conversation, $call) = $phone->order(user => $user, retries => 1);
ok(done($call), 'a call with one retry');
$sid = (placed($user))[0]{sid};
$phone->report($call, $sid, 'ringing');
$phone->report($call, $sid, 'busy', CallDuration => 0);
is($phone->progress($conversation), 'ringing', 'is not over when busy');
my ($next, undef, $attempt) = $phone->last_call($conversation);
is($attempt, 2, 'but is to be placed once more');
isnt($next, $call, 'as another call');
$phone->report($call, $sid, 'busy', CallDuration => 0);
is(($phone->last_call($conversation))[2], 2,
    'one more, however often it is reported');
is($parley->sql('SELECT ROUND(TIMESTAMPDIFF(MICROSECOND, created_at, due)'
    . ' / 1e6) FROM work WHERE id = ' . row($next)), 600, 'after its delay');
elapse($next);
ok(done($next), 'which passes');
my (undef, $second) = placed($user);
$phone->report($call, $sid, 'completed', CallDuration => 9);
is($phone->progress($conversation), 'ringing',
    'what is said of the first call by now does not count');
$phone->report($next, $second->{sid}, 'no-answer', CallDuration => 0);
is($phone->progress($conversation), 'unanswered',
    'without an answer to the last it is unanswered');
is($parley->sql('SELECT duration FROM conversation WHERE id = '
    . row($conversation)), 0, 'and took no time');

# --- A worker that dies when the carrier has the call and nobody knows.

$user = $phone->new_user;
$twilio->fail('hang-accepted');
($conversation, $call) = $phone->order(user => $user);
ok(wait_until(PATIENCE, sub { placed($user) }), 'a call is at the carrier');
$parley->crash_worker($parley->worker);
$parley->sql('UPDATE work SET due = UTC_TIMESTAMP(6) WHERE id = '
    . row($call) . '; UPDATE phone_call SET placed_at = placed_at - INTERVAL'
    . ' 60 SECOND WHERE id = ' . row($call));
$parley->start_worker;
ok(done($call), 'whose worker died, and another took it up');
is(scalar(posts($user)), 1, 'which does not place it again');
is(workflow($call)->{result}{call_sid}, (placed($user))[0]{sid},
    'but finds it there');
hang_up($user, $call);
is($phone->progress($conversation), 'completed', 'and it goes on');

done_testing;
