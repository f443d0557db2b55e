#!/usr/bin/perl
# GET /v1/conversations/{id}/turns: why the agent said what it said.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new;
my $account = $parley->id =~ s/-//gr;
my $users = 0;

sub row { return "UNHEX(REPLACE('$_[0]', '-', ''))" }
sub talk {
	return $parley->create(user_number => sprintf '+1555630%04d',
	    ++$users)->data->{conversation_id};
}
sub turns {
	my ($id, $query) = @_;
	return $parley->get("/v1/conversations/$id/turns" . ($query // ''));
}
sub id_of { return sprintf '0190b0a0-0000-7000-8000-%012d', $_[0] }

# Writes a turn, with its number in its id.
sub take {
	my ($conversation, $number, $outcome, $reason) = @_;
	my ($c, $id, $work) = map { row($_) } $conversation, id_of($number),
	    id_of(9000 + $number);
	my $why = defined $reason ? "'$reason'" : 'NULL';
	$parley->sql(<<~"END");
		INSERT INTO turn VALUES (X'$account', $c, $id, $work, 'texted',
		  '$outcome', $why, $number, '[{"at":1,"said":"Hi"}]',
		  '2026-11-21 09:00:00.5', '2026-11-21 09:00:01.25')
		END
}

my $id = talk();
my $answer = turns($id);
is($answer->status, 200, 'a conversation has turns');
is_deeply($answer->json, { data => [], errors => undef, extra => {
    pagination => { totalItems => 0, totalPages => 0, currentPage => 1,
    pageSize => 25 } } }, 'none at first');
take($id, 1, 'discarded', 'the user wrote again');
take($id, 2, 'done');
$answer = turns($id);
is_deeply($answer->data->[0], { id => id_of(2), conversation_id => $id,
    workflow_id => id_of(9002), event => 'texted', outcome => 'done',
    reason => undef, seen => 2, started_at => '2026-11-21T09:00:00.500Z',
    ended_at => '2026-11-21T09:00:01.250Z', trace => [ { at => 1,
    said => 'Hi' } ] }, 'a turn is shown with its trace');
is_deeply([ map { [ @$_{qw(id outcome reason)} ] } @{ $answer->data } ],
    [ [ id_of(2), 'done', undef ], [ id_of(1), 'discarded',
    'the user wrote again' ] ],
    'the newest first, with those that were thrown away');

# --- Pages.

take($id, $_, 'done') for 3 .. 30;
is(@{ turns($id)->data }, 25, 'a page has 25');
$answer = turns($id, '?page=2&pageSize=12');
is_deeply([ map { $_->{seen} } @{ $answer->data } ], [ reverse 7 .. 18 ],
    'or as many as are asked for');
is_deeply($answer->json->{extra}{pagination}, { totalItems => 30, totalPages =>
    3, currentPage => 2, pageSize => 12 }, 'of so many');
is_deeply(turns($id, '?page=9')->data, [], 'behind the last there is nothing');
for my $query (qw(page=0 page=x pageSize=0 pageSize=101)) {
	my ($name) = $query =~ /(\w+)/;
	is(turns($id, "?$query")->faults, "INVALID_PARAMETER /$name",
	    "$query is refused");
}

# --- Whose.

my $other = talk();
is_deeply(turns($other)->data, [], 'another conversation has its own');
for my $odd ('nonsense', id_of(1)) {
	is(turns($odd)->status . turns($odd)->faults,
	    '404CONVERSATION_NOT_FOUND', "$odd is none");
}
is($parley->another_account->get("/v1/conversations/$id/turns")->status, 404,
    'for another account it is not there');
is($parley->with_scopes('conversations:read')->get(
    "/v1/conversations/$id/turns")->status, 403,
    'who may not read what was said may not read this');
is($parley->with_scopes('conversations:read_sensitive')->get(
    "/v1/conversations/$id/turns")->status, 200, 'who may, may');

# --- They go with their conversation.

take($other, 99, 'failed', 'no model');
$parley->delete("/v1/sms/conversations/$id");
is_deeply([ $parley->rows('SELECT user_seq FROM turn') ], [ [ 99 ] ],
    'a conversation that is deleted takes its turns with it, and no other');

done_testing;
