# A webhook or a carrier that hangs holds a part of the threads: what other
# accounts have to do keeps its pace.
use v5.30;
use warnings;

use IO::Socket::INET ();

use Parley::Bulk qw(converse uuid work);
use Parley::Receiver;
use Parley::Test;
use Parley::Twilio;

use constant {
	HANGING => 500,
	PROMPT => 100,
	SENDS => 20,
	# Far less than all that hang take, each for twenty.
	SECONDS => 30,
};

my $test = Parley::Test->new(start => 0);
my $other = $test->another_account;

# Takes connections, as far as the kernel does, and says nothing.
my $hangs = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
    Listen => 2 * HANGING, ReuseAddr => 1) or die "listen: $!";
my $receiver = Parley::Receiver->new;

deliver($test, 1, HANGING, 'http://127.0.0.1:' . $hangs->sockport . '/');
my $worker = $test->start_worker(PARLEY_NET_ALLOW => '127.0.0.0/8');
ok(wait_until(30, sub { held() == 2 }),
    'a webhook that hangs holds a quarter of the eight threads');

my $start = $test->sql('SELECT UTC_TIMESTAMP(6)');
deliver($other, HANGING + 1, HANGING + PROMPT, $receiver->url);
ok(wait_until(3 * SECONDS, sub { delivered() == PROMPT }),
    "all of another account's are delivered");
my $took = $test->sql("SELECT TIMESTAMPDIFF(MICROSECOND, '$start',
    MAX(delivered_at)) / 1e6 FROM delivery");
note("in $took s");
cmp_ok($took, '<', SECONDS, 'at once');
is(scalar($receiver->requests), PROMPT, 'each of them once');
ok(wait_until(30, sub { held() == 2 }),
    'the first account still holds its quarter');
is($test->sql('SELECT COUNT(*) FROM delivery_attempt a JOIN delivery d
    ON d.id = a.delivery_id WHERE d.delivered_at IS NULL
    AND a.response_code IS NOT NULL'), 0, 'nothing of it was answered');

# What hangs is not waited for here.
$test->crash_worker($worker);

# --- A carrier.

my $parley = Parley::Test->new(environment =>
    { PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $twilio = Parley::Twilio->new;
$twilio->fail(('hang') x SENDS);
my $slow = $parley->another_account;
my $carrier = $slow->post('/v1/carriers', { kind => 'twilio', name => 'slow',
    account_sid => $twilio->sid, auth_token => $twilio->token,
    base_url => $twilio->url })->data->{id};
is($slow->post('/v1/phone-numbers', { phone_number => '+15550009997',
    carrier_id => $carrier, channels => [ 'sms' ] })->status, 201,
    'another carrier hangs');
send_to($slow, '+15550009997', $_) for 1 .. SENDS;
send_to($parley, $parley->number, $_) for 1 .. SENDS;
$worker = $parley->start_worker;
ok(wait_until(30, sub { $twilio->calls == 2 }),
    'it holds a quarter of the eight threads');
ok(wait_until(30, sub { $parley->sql("SELECT COUNT(*) FROM message WHERE"
    . " status = 'delivered'") == SENDS }), 'all messages of other accounts'
    . ' leave');
is(scalar($twilio->calls), 2, 'while it holds no more');
$parley->crash_worker($worker);
done_testing;

sub send_to {
	my ($client, $number, $n) = @_;
	my $answer = $client->post('/v1/sms/send', { user_number =>
	    sprintf('+1555800%04d', $n), agent_number => $number,
	    agent_message => 'Hello' });
	die $answer->content if $answer->status != 200;
}

sub deliver {
	my ($client, $first, $last, $url) = @_;
	my ($account) = map { tr/-//dr } $client->id;
	converse($test, $client, $first, $last);
	work($test, $client, $first, $last, kind => 'deliver',
	    due => 'UTC_TIMESTAMP(6) + INTERVAL 1 DAY', payload =>
	    'CONCAT(\'{"delivery_id":"\', ' . uuid('delivery') . ', \'"}\')');
	$test->sql(<<~"END");
		INSERT INTO delivery (account_id, id, conversation_id, url,
		  kind, document, work_id, send_type, attempts, created_at)
		SELECT account_id, UNHEX(REPLACE(JSON_VALUE(payload,
		  '\$.delivery_id'), '-', '')), subject_id, '$url', 'status',
		  '{"type":"status"}', id, 'spawn', 0, created_at
		FROM work WHERE account_id = UNHEX('$account');
		UPDATE work SET due = UTC_TIMESTAMP(6)
		WHERE account_id = UNHEX('$account')
		END
}

# How many threads the first account holds.
sub held {
	my ($account) = map { tr/-//dr } $test->id;
	return $test->sql("SELECT COUNT(*) FROM work
	    WHERE state = 'running' AND account_id = UNHEX('$account')");
}

sub delivered {
	return $test->sql('SELECT COUNT(*) FROM delivery
	    WHERE delivered_at IS NOT NULL');
}
