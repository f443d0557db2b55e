#!/usr/bin/perl
# Many users text five times in a burst, every request is brought twice, and
# workers are killed again and again: each text is stored once and in order,
# and each burst is answered once, shown by the carrier's own record.
use v5.30;
use warnings;

use HTTP::Tiny ();
use JSON::PP ();
use Parley::Model;
use Parley::Test;
use Parley::Twilio qw(official);

use constant {
	NUMBER => '+15550009998',
	BASE => 'https://parley.example.test',
	PATH => '/v1/hooks/twilio/message',
	USERS => $ENV{PARLEY_TEST_USERS} // 100,
	TEXTS => 5,
	POSTERS => 4,
	KILLS => 6,
	SECONDS => 150,
};

my $model = Parley::Model->new;
$model->always('Answer');
my $twilio = Parley::Twilio->new;
my $parley = Parley::Test->new(environment => {
    PARLEY_HTTP_PUBLIC_URL => BASE, PARLEY_NET_ALLOW => '127.0.0.0/8' });
is($parley->post('/v1/carriers', { kind => 'twilio', name => 'fake',
    account_sid => $twilio->sid, auth_token => $twilio->token,
    base_url => $twilio->url })->status, 201, 'there is a carrier');
my ($carrier) = grep { $_->{kind} eq 'twilio' }
    @{ $parley->get('/v1/carriers')->data };
is($parley->post('/v1/phone-numbers', { phone_number => NUMBER,
    carrier_id => $carrier->{id}, channels => [ 'sms' ] })->status, 201,
    'and a number');
is($parley->post('/v1/sms/number/update', { phone_number => NUMBER,
    debounce => 20, debounce_max => 60 })->status, 200,
    'whose agent waits for the end of a burst');
my $worker = $parley->start_worker($model->environment,
    PARLEY_NET_ALLOW => '127.0.0.0/8');

my @posters = map { poster($_) } 0 .. POSTERS - 1;
my $until = time + SECONDS;
for my $kill (1 .. KILLS) {
	wait_until(30, sub { stored() >= USERS * TEXTS * $kill / KILLS });
	crash();
}
waitpid $_, 0 for @posters;
is(stored(), USERS * TEXTS, 'each text is stored once');
while (unanswered() > 0 && time < $until) {
	wait_until(5, sub { unanswered() == 0 }) or crash();
}
is(unanswered(), 0, 'no burst waits any more');

is($parley->sql('SELECT COUNT(*) FROM conversation'), USERS,
    'each user has one conversation');
is(join("\n", map { "@$_" } $parley->rows('SELECT conversation_id FROM ('
    . 'SELECT conversation_id, GROUP_CONCAT(text ORDER BY seq) AS said FROM'
    . " message WHERE sender = 'USER' GROUP BY conversation_id) all_said"
    . " WHERE said <> '1,2,3,4,5'")), '', 'in the order of the texts');
my %answers;
$answers{$_->{to}}++ for $twilio->accepted;
is_deeply([ grep { $answers{$_} != 1 } sort keys %answers ], [],
    'each burst is answered once')
    or diag(explain({ map { $_ => $answers{$_} } grep { $answers{$_} != 1 }
	keys %answers }));
is(keys %answers, USERS, 'and none is forgotten');
is($parley->sql("SELECT COUNT(*) FROM work WHERE state = 'dead'"), 0,
    'nothing was given up');
done_testing;

# Ends the worker as a power cut would.  When nothing of it is under way to the
# carrier any more, leases end, and what nobody knows of the carrier's answer
# may be looked up by the next.
sub crash {
	$parley->crash_worker($worker);
	$twilio->settle or BAIL_OUT('the carrier does not come to rest');
	$parley->sql(<<~'END');
		UPDATE message SET leaving_at = leaving_at - INTERVAL 1 HOUR
		WHERE leaving_at IS NOT NULL;
		UPDATE work SET due = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND
		WHERE state = 'running' OR (kind = 'send' AND
		    state = 'waiting')
		END
	$worker->again;
}

# How many texts there are.  Whose burst is whole is answered from now on: how
# long the texts take to come decides nothing.
sub stored {
	my ($count, @whole) = split /\n/, $parley->sql(<<~"END");
		SELECT COUNT(*) FROM message WHERE sender = 'USER';
		SELECT HEX(w.id) FROM work w JOIN conversation c
		ON c.id = w.subject_id AND c.message_count = ${\ TEXTS}
		WHERE w.kind = 'turn' AND w.state = 'waiting'
		AND w.due > UTC_TIMESTAMP(6)
		END
	$parley->sql("UPDATE work SET due = UTC_TIMESTAMP(6) WHERE state ="
	    . " 'waiting' AND id IN (" . join(', ', map { "X'$_'" } @whole)
	    . ')') if @whole;
	return $count;
}

sub unanswered {
	return $parley->sql("SELECT COUNT(*) FROM work WHERE kind IN"
	    . " ('turn', 'send') AND state IN ('waiting', 'running')");
}

# A process that brings the texts of its share of the users, each twice.
sub poster {
	my ($share) = @_;
	my @forms = map { signed($_) } grep { $_ % POSTERS == $share }
	    0 .. USERS - 1;
	my $pid = fork // die "fork: $!\n";
	return $pid if $pid;
	my $http = HTTP::Tiny->new(timeout => 30);
	my $url = 'http://127.0.0.1:' . $parley->port . PATH;
	for my $form (@forms) {
		for (1 .. 2) {
			my $answer = $http->post($url, $form);
			print STDERR "# $answer->{status} $answer->{content}\n"
			    if $answer->{status} != 200;
		}
	}
	POSIX::_exit(0);
}

# The requests of a user's burst.
sub signed {
	my ($user) = @_;
	return map {
		my %form = (AccountSid => $twilio->sid, To => NUMBER,
		    MessageSid => "SM$user-$_", Body => "$_",
		    From => sprintf '+1555%07d', $user);
		my $signature = official({ do => 'sign',
		    token => $twilio->token, url => BASE . PATH,
		    form => \%form });
		{ headers => { 'x-twilio-signature' => $signature,
		    'content-type' => 'application/x-www-form-urlencoded' },
		    content => HTTP::Tiny->new->www_form_urlencode(\%form) };
	} 1 .. TEXTS;
}
