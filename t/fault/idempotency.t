# 64 clients at once with one Idempotency-Key: one row and one answer, byte
# for byte, also while the first of them is held up.
use v5.30;
use warnings;

use Parley::Fault qw(broken create crowd crowd_end crowd_ended crowd_start
    held_up hold statuses watch_silence PATIENCE);
use Parley::Test;

use constant CLIENTS => 64;


my $test = Parley::Test->new(children => 32,
    environment => { PARLEY_API_RATE => 0 });
watch_silence($test);

# Messages with this text.
sub stored {
	my ($text) = @_;
	return $test->sql("SELECT COUNT(*) FROM message WHERE text = '$text'")
	    + 0;
}

# Every answer is the one that was given first, or says when to come again;
# returns those that are an answer.
sub check {
	my ($what, @answers) = @_;
	my @good = grep { $_->{status} == 200 } @answers;
	my @late = grep { $_->{status} == 409 } @answers;
	is(@good + @late, scalar @answers, "$what: nobody fails")
	    or diag(statuses(@answers));
	ok(scalar @good, "$what: somebody is answered");
	my %bodies = map { $_->{body} => 1 } @good;
	is(scalar keys %bodies, 1, "$what: with one body, byte for byte");
	is(scalar(grep { $_->{error} ne 'IDEMPOTENCY_KEY_IN_USE'
	    || ($_->{retry} // '') !~ /^[1-9]\d*$/ } @late), 0,
	    "$what: who comes too early is told when to come again");
	return @good;
}

for my $round (1 .. 3) {
	my @new = $round == 3 ? (new_conversation => JSON::PP::true) : ();
	my @answers = crowd(CLIENTS, sub {
		create($test, message => "round $round", @new,
		    'Idempotency-Key' => "key-$round")
	});
	my ($first) = check("round $round", @answers);
	is(stored("round $round"), 1, "round $round: one message is stored");
	is(scalar(grep { !$_->{replayed} && $_->{status} == 200 } @answers), 1,
	    "round $round: one answer is the first");
	my $again = create($test, message => "round $round", @new,
	    'Idempotency-Key' => "key-$round");
	is($again->{body}, $first->{body}, "round $round: and again, later");
}

{
	my @answers = crowd(CLIENTS, sub {
		create($test, message => 'other ' . $_[0] % 2,
		    'Idempotency-Key' => 'other')
	});
	my %good = map { $_->{body} => 1 }
	    grep { $_->{status} == 200 } @answers;
	my @reused = grep { $_->{status} == 422 } @answers;
	is(scalar keys %good, 1, 'two bodies under one key: one is answered');
	is(scalar(grep { $_->{error} eq 'IDEMPOTENCY_KEY_REUSED' } @reused),
	    CLIENTS / 2, 'and the other refused')
	    or diag(statuses(@answers));
	is(stored('other 0') + stored('other 1'), 1, 'one is stored');
}

# A first one that does not come to an end.
{
	my $row = hold($test, <<~"END");
		INSERT INTO idempotency SELECT id, UNHEX(SHA2(CONCAT(
		'POST /v1/sms/create', CHAR(10), 'stuck'), 256)), '', 0, '',
		'2100-01-01' FROM account
		END
	my @refused = crowd(2, sub {
		create($test, message => 'stuck',
		    'Idempotency-Key' => 'stuck')
	});
	is(statuses(@refused), '409: 2',
	    'who waits for too long is sent away');
	is($_->{error}, 'IDEMPOTENCY_KEY_IN_USE', 'told why'),
	    like($_->{retry}, qr/^[1-9]\d*$/, 'and when to come again')
	    for @refused;
	$row->release;
	is(create($test, message => 'stuck', user_number => '+15552220001',
	    'Idempotency-Key' => 'stuck')->{status}, 200,
	    'and is answered when the first is gone');
}

# A first one that is held up, for less than it is patient.
{
	my $lock = hold($test, 'SELECT id FROM conversation'
	    . " WHERE status = 'open' FOR UPDATE");
	my $ask = sub {
		create($test, message => 'held', 'Idempotency-Key' => 'held')
	};
	my $first = crowd_start(1, $ask);
	ok(wait_until(PATIENCE, sub { held_up($test) == 1 }),
	    'a first request is held up in the middle');
	my $second = crowd_start(3, $ask);
	ok(wait_until(PATIENCE, sub { held_up($test) == 4 }),
	    'others with its key wait for it');
	is(stored('held'), 0, 'nothing is stored meanwhile');
	$lock->release;
	my ($good) = check('held up', crowd_end($first), crowd_end($second));
	is(stored('held'), 1, 'in the end one message is stored');
	is($ask->()->{body}, $good->{body}, 'whose answer is given again');
}

is(join("\n", broken($test)), '', 'the store is whole');
done_testing;
