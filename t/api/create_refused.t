#!/usr/bin/perl
# POST /v1/sms/create: what it refuses, and that nothing comes of it.
use v5.30;
use warnings;
use utf8;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new;
$parley->create(sender => 'AGENT', time_out => 600);
my $before = $parley->state;

# --- Every field with a value of every type that is not its own.

my %values = (
	null => undef,
	true => JSON::PP::true,
	false => JSON::PP::false,
	number => 1.5,
	integer => 7,
	text => 'text',
	array => [ 'x' ],
	object => { x => 1 },
);
# Of each field the types that it takes; null is taken by those with a ?.
my %types = (
	user_number => '',
	agent_number => '',
	message => 'text',
	message_sid => '?text',
	curr_pathway_id => '?text',
	curr_pathway_version => '?text number integer',
	current_node_id => '?text',
	request_data => '?object',
	new_conversation => 'true false',
	sender => '',
	channel => '',
	time_out => '?number integer',
	warning_time => '?number integer',
	timeout_message => '?text',
	warning_message => '?text',
);
my %required = map { $_ => 1 } qw(user_number agent_number message);
for my $field (sort keys %types) {
	my %takes = map { $_ => 1 } split ' ', $types{$field} =~ s/\?/null /r;
	for my $type (grep { !$takes{$_} } sort keys %values) {
		my $answer = refused($field => $values{$type});
		is($answer->faults, "INVALID_PARAMETER /$field",
		    "$field: $type is refused");
	}
}

# Sends it as JSON of its own, so that undef is null.
sub refused {
	my (%given) = @_;
	return $parley->post('/v1/sms/create', { user_number =>
	    '+15550002222', agent_number => $parley->number,
	    message => 'Hello', %given });
}

# --- Values out of range.

my $wide = "\x{1f600}";
my @bad = (
	(map { [ user_number => $_ ], [ agent_number => $_ ] } '',
	    '15550002222', '+05550002222', '+1234567', '+1234567890123456',
	    '+1 555 000 2222', '+1555000222a', ' +15550002222',
	    "+15550002222\n", '+١٢٣٤٥٦٧٨٩٠', 'null', '++15550002222'),
	(map { [ message => $_ ] } '', ' ', "\n\t\r\n", "\x{a0}\x{2028}\x{3000}", 'x' x 1601,
	    $wide x 1601, "a\0b", "a\x07b", "a\x7fb", "\x1b[1m"),
	(map { [ message_sid => $_ ] } '', ' ', 'x' x 65, "a\0"),
	(map { [ curr_pathway_id => $_ ] } '', 'x' x 65),
	(map { [ curr_pathway_version => $_ ] } '', 'x' x 65),
	(map { [ current_node_id => $_ ] } '', 'x' x 256),
	[ request_data => { a => 'x' x 65536 } ],
	(map { [ sender => $_ ] } '', 'user', 'HUMAN', 'AGENT '),
	(map { [ channel => $_ ] } '', 'SMS', 'rcs', 'email'),
	(map { [ time_out => $_ ], [ warning_time => $_ ] } 0, -1, -0.5,
	    2592000.5, 1e300),
	(map { [ timeout_message => $_ ], [ warning_message => $_ ] } '', '  ',
	    'x' x 1601),
);
for (@bad) {
	my ($field, $value) = @$_;
	my $answer = refused($field => $value);
	my $shown = ref $value ? 'a long object' : (length $value > 30 ?
	    length($value) . ' characters' : "'$value'") =~
	    s/([^ -~])/sprintf '\\x{%x}', ord $1/ger;
	is($answer->status, 400, "$field: $shown: 400");
	is($answer->faults, "INVALID_PARAMETER /$field",
	    "$field: $shown: it is named");
}
for my $number (qw(1e400 -1e400 1E999)) {
	my $answer = $parley->post('/v1/sms/create',
	    qq({"user_number":"+15550002222","agent_number":"${\ $parley
	    ->number}","message":"x","time_out":$number}));
	is($answer->status, 400, "time_out: $number: 400");
}

# --- Nothing given, and all faults at once.

is($parley->post('/v1/sms/create', {})->faults, join(', ', map {
    "MISSING_REQUIRED_FIELDS /$_" } qw(user_number agent_number message)),
    'what is missing is listed');
for my $field (sort keys %required) {
	my %body = (user_number => '+15550002222', agent_number =>
	    $parley->number, message => 'x');
	delete $body{$field};
	my $answer = $parley->post('/v1/sms/create', \%body);
	is($answer->faults, "MISSING_REQUIRED_FIELDS /$field",
	    "$field is required");
	is($answer->errors->[0]{message}, "$field is required",
	    "$field: in words");
}
my $answer = $parley->post('/v1/sms/create', { user_number => 'x',
    message => '', message_sid => 1, request_data => [], sender => 'ME',
    new_conversation => 'yes', time_out => 0, warning_time => '1',
    timeout_message => 5, warning_message => ' ', channel => 1,
    curr_pathway_id => [], curr_pathway_version => {},
    current_node_id => 0 });
is(join(' ', sort map { $_->{field} } @{ $answer->errors }),
    join(' ', sort map { "/$_" } keys %types),
    'one answer names every bad field');
is($answer->status, 400, 'with one status');

# --- Names of members that are hostile.

$answer = $parley->post('/v1/sms/create', '{"a/b~c":1,"":2,"__proto__":{},'
    . '"' . 'n' x 10_000 . '":1}');
is($answer->status, 400, 'odd names harm nobody');

is($parley->state, $before, 'and nothing was stored or changed');

done_testing;
