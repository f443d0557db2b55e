#!/usr/bin/perl
# A worker that dies when a mail server has the mail, and had no time to
# answer: the mail is given once more, the same to every byte, so that a
# mailbox can tell.
use v5.30;
use warnings;

use Parley::Mail;
use Parley::Test;

my $mail = eval { Parley::Mail->new(late => 5) } or plan(skip_all => $@);
my $parley = Parley::Test->new(worker => 1, environment => {
    $mail->environment });
my $carrier = $parley->post('/v1/carriers', { kind => 'smtp',
    name => 'Mail', base_url => $mail->smtp_url })->data->{id};
# Without a password it is a relay, for mailboxes that are here.
$parley->post('/v1/email-addresses', { address => 'help@agents.test',
    carrier_id => $carrier });
is($parley->post('/v1/conversations', { channel => 'email', user_id => 'a',
    to_address => 'ada@example.test', agent_config => {
    starting_message => 'Hello, Ada.' } })->status, 200, 'a mail is to leave');
ok(wait_until(60, sub { $mail->log =~ /the mail is whole/ }),
    'the mail server is given it');
$parley->crash_worker($parley->worker);
is($parley->sql('SELECT status FROM message'), 'queued',
    'and the worker dies before it knows');
$mail->wait_for('ada', 1);

# An hour passes.
$parley->sql(<<'END');
	UPDATE message SET leaving_at = leaving_at - INTERVAL 1 HOUR;
	UPDATE work SET due = UTC_TIMESTAMP(6) WHERE kind = 'mail';
END
$parley->start_worker;
my ($first, $second) = $mail->wait_for('ada', 2);
is($second->{headers}{'message-id'}, $first->{headers}{'message-id'},
    'another gives it once more, by the same id');
is($second->{headers}{date}, $first->{headers}{date}, 'of the same time');
is($second->{body}, $first->{body}, 'and in the same bytes');
ok(wait_until(60, sub { $parley->sql('SELECT status FROM message') eq
    'sent' }), 'and then it has left');
is($parley->sql('SELECT COUNT(*) FROM mail'), 1, 'as one mail');

$mail->stop;
done_testing;
