# 64 clients at once for one pair of numbers: one conversation, every message
# kept and in order, and no client is turned away.
use v5.30;
use warnings;

use Parley::Fault qw(broken create crowd statuses watch_silence);
use Parley::Test;

use constant CLIENTS => 64;

# More children than by default: as many transactions at once as can be.
my $test = Parley::Test->new(children => 32,
    environment => { PARLEY_API_RATE => 0 });
watch_silence($test);

my $next = 1000;

sub user {
	return '+1555222' . $next++;
}

# The pair's conversations, as "status messages", the newest last.
sub conversations {
	my ($user) = @_;
	return [ split /\n/, $test->sql(<<~"END") ];
		SELECT CONCAT(status, ' ', message_count) FROM conversation
		WHERE user_key = '$user' ORDER BY created_at, id
		END
}

# The texts of the pair's messages, sorted.
sub texts {
	my ($user) = @_;
	return join ' ', sort { $a <=> $b } split ' ', $test->sql(<<~"END");
		SELECT m.text FROM message m JOIN conversation c
		ON c.account_id = m.account_id AND c.id = m.conversation_id
		WHERE c.user_key = '$user'
		END
}

sub distinct {
	my ($name, @answers) = @_;
	my %seen = map { ($_->{$name} // 'none') => 1 } @answers;
	return scalar keys %seen;
}

my $everybody = join ' ', 0 .. CLIENTS - 1;
my $all_well = '200: ' . CLIENTS;

for my $round (1 .. 3) {
	my $user = user();
	my @answers = crowd(CLIENTS, sub {
		my ($i) = @_;
		create($test, user_number => $user, message => "$i",
		    sender => $i % 2 ? 'AGENT' : 'USER')
	});
	is(statuses(@answers), $all_well,
	    "every client is answered, round $round");
	is(distinct(conversation => @answers), 1, 'with one conversation');
	is(distinct(message => @answers), CLIENTS, 'and a message of its own');
	is_deeply(conversations($user), [ 'open ' . CLIENTS ],
	    'the store has one conversation');
	is(texts($user), $everybody, 'and every message');
	is($test->sql(<<~"END"), join("\n", 1 .. CLIENTS),
		SELECT m.seq FROM message m JOIN conversation c
		ON c.account_id = m.account_id AND c.id = m.conversation_id
		WHERE c.user_key = '$user' ORDER BY m.seq
		END
	    'in an order without a gap');
}

for my $share (2, 4, 1) {
	my $user = user();
	my @answers = crowd(CLIENTS, sub {
		my ($i) = @_;
		create($test, user_number => $user, message => "$i",
		    sender => 'AGENT', $i % $share == 0
		    ? (new_conversation => JSON::PP::true) : ())
	});
	is(statuses(@answers), $all_well,
	    "every client is answered where one in $share begins anew");
	my $found = conversations($user);
	is(scalar(grep { /^open / } @$found), 1,
	    'one conversation is active');
	is(scalar(grep { /^inactive / } @$found), @$found - 1,
	    'the others are archived');
	cmp_ok(scalar(@$found), '>=', CLIENTS / $share,
	    'there is one for each who began anew');
	is(texts($user), $everybody, 'every message is kept');
	is(distinct(conversation => @answers), scalar @$found,
	    'every conversation is one that a client was told');
}

for my $round (1 .. 3) {
	my $user = user();
	my @answers = crowd(CLIENTS, sub {
		create($test, user_number => $user, message => '1',
		    message_sid => "SM$round")
	});
	is(statuses(@answers), $all_well,
	    "every client with one message_sid is answered, round $round");
	is(distinct($_ => @answers), 1, "with one $_")
	    for qw(message conversation work);
	is_deeply(conversations($user), [ 'open 1' ],
	    'the store has one conversation with one message');
}

{
	my $user = user();
	my @users = map { user() } 1 .. CLIENTS;
	my @answers = crowd(CLIENTS, sub {
		create($test, user_number => $users[ $_[0] ],
		    message_sid => 'SM-many')
	});
	is(statuses(@answers), $all_well,
	    'clients with one message_sid for 64 pairs are answered');
	is(distinct(message => @answers), 1, 'with one message');
	is($test->sql("SELECT COUNT(*) FROM message"
	    . " WHERE carrier_message_id = 'SM-many'"), 1,
	    'which the store has once');
}

is(join("\n", broken($test)), '', 'the store is whole');
done_testing;
