#!/usr/bin/perl
# /v1/hooks/mail-events: what became of mails, by Mailgun and SendGrid.
use v5.30;
use utf8;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use JSON::PP ();
use MIME::Base64 qw(encode_base64);
use Parley::Server qw(free_port);
use Parley::Test;

use constant KEY => 'key-1';

# Nobody listens where its mail is to go: it is written, and waits.
my $parley = Parley::Test->new(worker => 1, environment => {
    PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $carrier = $parley->post('/v1/carriers', { kind => 'smtp', name => 'Mail',
    base_url => 'smtp://127.0.0.1:' . free_port(), signing_key => KEY })
    ->data->{id};
$parley->post('/v1/email-addresses', { address => 'help@agents.test',
    carrier_id => $carrier });

my $count = 0;
sub begun {
	my $to = 'ada' . ++$count . '@example.test';
	$parley->post('/v1/conversations', { channel => 'email', user_id =>
	    $to, to_address => $to, agent_config => { starting_message =>
	    'Hello' } });
	my $id;
	wait_until(30, sub { $id = $parley->sql('SELECT m.message_id FROM mail'
	    . ' m JOIN mail_thread t USING (account_id, conversation_id) WHERE'
	    . " t.user_address = '$to'") });
	return ($id, $to);
}

sub delivery {
	my ($id) = @_;
	return $parley->sql('SELECT delivery_status FROM mail WHERE message_id'
	    . " = '$id'");
}

sub report {
	my ($document, %more) = @_;
	return $parley->request('POST', $more{path} //
	    "/v1/hooks/mail-events/$carrier", ref $document ?
	    JSON::PP->new->utf8->encode($document) : $document, {
	    authorization => $more{authorization},
	    'content-type' => 'application/json' });
}

sub mailgun {
	my ($id, $event, %more) = @_;
	my ($time, $token) = ($more{time} // time, sprintf '%050d', rand 1e9);
	return { signature => { timestamp => "$time", token => $token,
	    signature => hmac_sha256_hex($time . $token, $more{key} // KEY) },
	    'event-data' => { event => $event, timestamp => 1800000000.5,
		message => { headers => { 'message-id' => $id } },
		%{ $more{of} // {} } } };
}

# --- Mailgun.

my ($id, $to) = begun();
is(report(mailgun($id, 'delivered'))->status, 200, 'an event is taken');
is(delivery($id), 'delivered', 'and moves the mail');
is($parley->sql('SELECT delivered_at FROM mail'),
    '2027-01-15 08:00:00.500000', 'at its time');
report(mailgun($id, 'clicked', of => { url => 'https://example.test/x' }));
report(mailgun($id, 'opened'));
is(delivery($id), 'clicked', 'only upwards');
is($parley->sql('SELECT clicked_link FROM mail'), 'https://example.test/x',
    'with what was clicked');
report(mailgun($id, 'failed', of => { severity => 'temporary' }));
is(delivery($id), 'clicked', 'what is tried again is no end');
is($parley->sql('SELECT COUNT(*) FROM suppression'), 0, 'for anybody');
report(mailgun($id, 'complained'));
is(delivery($id), 'complaint', 'a complaint is one');
is($parley->sql('SELECT CONCAT(address, \' \', reason) FROM suppression'),
    "$to complaint", 'and in the ledger');
report(mailgun($id, 'delivered'));
is(delivery($id), 'complaint', 'for good');

# --- SendGrid.

my ($first, $one) = begun();
my ($second) = begun();
my $basic = 'Basic ' . encode_base64('parley:' . KEY, '');
is(report([ { event => 'processed', 'smtp-id' => "<$first>" },
    { event => 'bounce', 'smtp-id' => "<$first>", type => 'bounce',
	status => '5.1.1', timestamp => 1800000000 },
    { event => 'bounce', 'smtp-id' => "<$second>", type => 'blocked' },
    { event => 'open', 'smtp-id' => '<other@example.test>' }, 5, {} ],
    authorization => $basic)->status, 200, 'many are taken at once');
is(delivery($first), 'bounced', 'each is of its mail');
is($parley->sql('SELECT delivery_error_code FROM mail WHERE message_id ='
    . " '$first'"), '5.1.1', 'with its code');
is(delivery($second), 'failed', 'one that was not let in has failed');
is($parley->sql("SELECT address FROM suppression WHERE reason = 'bounce'"),
    $one, 'and only who bounced is in the ledger');

# --- From nobody else.

my ($third) = begun();
is(report(mailgun($third, 'opened', key => 'key-2'))->status, 403,
    'another key is refused');
is(report(mailgun($third, 'opened', time => time - 13 * 3600))->status, 406,
    'and an old signature');
is(report([ { event => 'open', 'smtp-id' => "<$third>" } ])->status, 403,
    'and none');
is(report(mailgun($third, 'opened'), path => '/v1/hooks/mail-events/x')->status,
    403, 'and no carrier');
is(report('[')->status, 406, 'what is no JSON is not tried again');
my $stranger = $parley->another_account;
my $theirs = $stranger->post('/v1/carriers', { kind => 'smtp', name => 'x',
    base_url => 'smtp://a.test', signing_key => KEY })->data->{id};
is(report(mailgun($third, 'opened'), path =>
    "/v1/hooks/mail-events/$theirs")->status, 200,
    "a stranger's carrier is told");
is(delivery($third), 'queued', 'nothing of ours by that');

done_testing;
