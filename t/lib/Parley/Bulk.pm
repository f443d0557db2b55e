# Conversations and their work by the thousand, written to the store as
# Parley would write them; through the API they would take minutes.
#
#	use Parley::Bulk qw(converse work uuid);
#	converse($test, $test, 1, 1000);
#	work($test, $test, 1, 1000, kind => 'silence',
#	    due => 'UTC_TIMESTAMP(6) + INTERVAL n MILLISECOND',
#	    payload => q('{"seq":1,"stage":"timeout"}'));
#
# The n-th conversation has one message, of the agent, which has left, and
# its user is the n-th of +1557... .  What is `=> 'SQL'` may use n.
package Parley::Bulk;

use v5.30;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(converse piece say_also uuid work);

# For uuid: what is counted.
my %kinds = (conversation => 1, message => 2, silence => 3, send => 4,
    deliver => 5, delivery => 6, close => 7);

# The n-th id of a kind, as text; SQL.
sub uuid {
	my ($kind, $n) = @_;
	return "CONCAT('01940000-0000-7$kinds{$kind}00-8000-',"
	    . ' LOWER(LPAD(HEX(' . ($n // 'n') . "), 12, '0')))";
}

# The same as it is stored.
sub id {
	return 'UNHEX(REPLACE(' . uuid(@_) . ", '-', ''))";
}

sub account {
	my ($client) = @_;
	return 'UNHEX(\'' . $client->id =~ tr/-//dr . '\')';
}

# The $first-th to the $last-th conversation of the client's account and
# number.  Options: status => that of the message, 'sent'; number => another
# one than the client's.
sub converse {
	my ($test, $client, $first, $last, %of) = @_;
	my $account = account($client);
	my $number = $of{number} // $client->number;
	my ($conversation, $silence) = map { id($_) } qw(conversation silence);
	$test->sql(<<~"END");
		INSERT INTO conversation (account_id, id, channel, agent_key,
		  user_key, is_open, status, silence_work_id, last_seq,
		  cleared_seq, message_count, created_at, updated_at,
		  last_message_at)
		SELECT $account, $conversation, 'sms', '$number',
		  CONCAT('+1557', LPAD(n, 7, '0')), 1, 'open', $silence, 1, 0,
		  1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
		FROM (SELECT seq AS n FROM seq_${first}_to_$last) s
		END
	say_also($test, $client, $first, $last, 1, 0, %of);
}

# A message more in each; its id is that of the message $offset later.
sub say_also {
	my ($test, $client, $first, $last, $seq, $offset, %of) = @_;
	my $account = account($client);
	my $status = $of{status} // 'sent';
	my $conversation = id('conversation');
	my $message = id('message', "(n + $offset)");
	$test->sql(<<~"END");
		INSERT INTO message (account_id, conversation_id, seq, id,
		  sender, status, text, segments, encoding, created_at)
		SELECT $account, $conversation, $seq, $message, 'AGENT',
		  '$status', CONCAT('Message to ', n), 1, 'GSM-7',
		  UTC_TIMESTAMP(6)
		FROM (SELECT seq AS n FROM seq_${first}_to_$last) s;
		UPDATE conversation SET last_seq = $seq, message_count = $seq
		WHERE account_id = $account AND last_seq < $seq
		AND id BETWEEN ${\id('conversation', $first)}
		AND ${\id('conversation', $last)}
		END
}

# A piece of work for each.  kind, due, payload; offset => to its id; attempt
# => how often it was taken up.
sub work {
	my ($test, $client, $first, $last, %of) = @_;
	my $account = account($client);
	my $conversation = id('conversation');
	my $work = id($of{kind}, '(n + ' . ($of{offset} // 0) . ')');
	my $attempt = $of{attempt} // 0;
	$test->sql(<<~"END");
		INSERT INTO work (id, account_id, subject_id, kind, state, due,
		  attempt, payload, created_at, updated_at)
		SELECT $work, $account, $conversation, '$of{kind}', 'waiting',
		  $of{due}, $attempt, $of{payload}, UTC_TIMESTAMP(6),
		  UTC_TIMESTAMP(6)
		FROM (SELECT seq AS n FROM seq_${first}_to_$last) s
		END
}

# In which words each kind is ordered.
my %payloads = (
    silence => q('{"seq":1,"stage":"timeout"}'),
    send => 'CONCAT(\'{"message_id":"\', ' . uuid('message')
	. ', \'","seq":1,"starts_clock":false}\')',
    close => q('{"reason":null}'),
    deliver => 'CONCAT(\'{"delivery_id":"\', ' . uuid('delivery')
	. ', \'"}\')',
);

# The n-th conversation, of which nothing is to be done but one piece of this
# kind, now.  Options: number, as above; url => where a delivery goes; SQL of
# other values for the work: due, attempt, payload.  Returns { kind, id,
# conversation, payload }: ids as they stand in X'', and what is to be done,
# in SQL.
sub piece {
	my ($test, $client, $n, $kind, %of) = @_;
	my ($id, $conversation, $delivery) = split /\n/, $test->sql(join ';',
	    map { 'SELECT HEX(' . id($_, $n) . ')' } $kind,
	    qw(conversation delivery));
	my $payload = $payloads{$kind} =~ s/\bn\b/$n/gr;
	converse($test, $client, $n, $n, %of,
	    status => $kind eq 'send' ? 'pending' : 'sent');
	# Without its end there would be a clock that runs beside it.
	$test->sql("UPDATE conversation SET is_open = NULL, status = 'ended',"
	    . ' silence_work_id = NULL, ended_at = UTC_TIMESTAMP(6)'
	    . " WHERE id = X'$conversation'") if $kind ne 'silence';
	$test->sql(<<~"END") if $kind eq 'deliver';
		INSERT INTO delivery (account_id, id, conversation_id, url,
		  kind, document, work_id, send_type, attempts, created_at)
		SELECT account_id, X'$delivery', id, '$of{url}', 'status',
		  '{"type":"status"}', X'$id', 'spawn', 0, UTC_TIMESTAMP(6)
		FROM conversation WHERE id = X'$conversation'
		END
	work($test, $client, $n, $n, kind => $kind,
	    due => $of{due} // 'UTC_TIMESTAMP(6)', attempt => $of{attempt},
	    payload => $of{payload} // $payload);
	return { kind => $kind, id => $id, conversation => $conversation,
	    payload => $payload };
}

1;
