#!/usr/bin/perl
# A message that was given up and is tried again by hand leaves once, whether
# its carrier had it or not.
use v5.30;
use warnings;

use Parley::Test;

use constant PATIENCE => 40;

my $parley = Parley::Test->new(worker => 1);
my $talk = $parley->post('/v1/sms/create', {
	user_number => '+15550002222', agent_number => $parley->number,
	message => 'Are you there?', sender => 'AGENT', time_out => 1,
	timeout_message => 'Bye' });
is($talk->status, 200, 'the agent asks');

sub message {
	return $parley->sql('SELECT status, error_code, leaving_at IS NULL'
	    . " FROM message WHERE text = 'Bye'");
}
sub has_left { return message() =~ /^(?:sent|delivered)\tNULL\t1$/ }
sub at_carrier { return $parley->sql('SELECT COUNT(*) FROM loopback_message') }

ok(wait_until(PATIENCE, sub { has_left() }), 'the end is said')
    or diag(message());
my $work = $parley->sql("SELECT LOWER(HEX(id)) FROM work_done"
    . " WHERE kind = 'send'");
is(at_carrier(), 1, 'once');

# As if it had been given up an hour ago.
sub give_up {
	$parley->sql(<<~"END");
		START TRANSACTION;
		INSERT INTO work (id, account_id, subject_id, kind, state, due,
		  attempt, payload, created_at, updated_at)
		SELECT id, account_id, subject_id, kind, 'dead', due, 7, payload,
		  created_at, UTC_TIMESTAMP(6) - INTERVAL 1 HOUR
		FROM work_done WHERE id = X'$work';
		DELETE FROM work_done WHERE id = X'$work';
		UPDATE message
		SET status = 'failed', error_code = 'CARRIER_UNREACHABLE',
		  carrier_message_id = NULL
		WHERE text = 'Bye';
		COMMIT
		END
}

for my $case ('had it', 'did not have it') {
	give_up();
	$parley->sql('DELETE FROM loopback_message') if $case =~ /not/;
	$parley->cli(qw(work retry), $work);
	ok(wait_until(PATIENCE, sub { has_left() }),
	    "it leaves when the carrier $case") or diag(message());
	is(at_carrier(), 1, 'and is there once');
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM work'
	    . " WHERE id = X'$work'") eq '0' }), 'its work is done');
}

done_testing;
