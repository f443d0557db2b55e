#!/usr/bin/perl
# What has had its time is deleted by a worker, however much it is, and what
# has not stays.
use v5.30;
use warnings;

use Parley::Test;

use constant { PATIENCE => 30, OLD => 1300 };

my $parley = Parley::Test->new;
my $account = $parley->id =~ s/-//gr;

is($parley->request('POST', '/v1/sms/create', { user_number => '+15550002222',
    agent_number => $parley->number, message => 'Hello' },
    { 'Idempotency-Key' => 'new' })->status, 200, 'a key is used');
my $numbers = 'SELECT seq AS n FROM seq_1_to_' . OLD;
$parley->sql(<<~END);
	INSERT INTO idempotency SELECT X'$account', UNHEX(SHA2(n, 256)),
	UNHEX(SHA2(n, 256)), 200, '{}', UTC_TIMESTAMP(6) - INTERVAL n SECOND
	FROM ($numbers) old;
	INSERT INTO receipt (account_id, carrier_message_id, status, created_at)
	SELECT X'$account', n, 'sent', UTC_TIMESTAMP(6) - INTERVAL 8 DAY
	FROM ($numbers) old;
	INSERT INTO receipt (account_id, carrier_message_id, status, created_at)
	VALUES (X'$account', 'new', 'sent', UTC_TIMESTAMP(6))
	END
sub counts {
	return $parley->sql('SELECT (SELECT COUNT(*) FROM idempotency),'
	    . ' (SELECT COUNT(*) FROM receipt)');
}
is(counts(), OLD + 1 . "\t" . (OLD + 1), 'there is much that is old');
$parley->start_worker;
ok(wait_until(PATIENCE, sub { counts() eq "1\t1" }),
    'a worker deletes what is old') or diag(counts());
my $answer = $parley->request('POST', '/v1/sms/create', { user_number =>
    '+15550002222', agent_number => $parley->number, message => 'Hello' },
    { 'Idempotency-Key' => 'new' });
is($answer->header('idempotency-replayed'), 'true', 'and nothing that is new');

done_testing;
