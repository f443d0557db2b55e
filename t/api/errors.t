#!/usr/bin/perl
# One document for every error, whoever answers it, and nothing stored.
use v5.30;
use warnings;
use utf8;

use Encode qw(encode);
use Parley::Test;

my $parley = Parley::Test->new;
my $create = '/v1/sms/create';
my $before = $parley->state;

# The document as it has to be for these errors.
sub is_problem {
	my ($answer, $status, $title, $faults, $name) = @_;
	my $document = eval { $answer->json } // {};
	is($answer->status, $status, "$name: $status");
	is($answer->faults, $faults, "$name: $faults");
	is_deeply([ sort keys %$document ], [ qw(data detail errors
	    request_id status title) ], "$name: the whole document");
	is_deeply([ @$document{qw(data status title)} ],
	    [ undef, $status, $title ], "$name: its status and title");
	is($document->{detail}, $document->{errors}[0]{message},
	    "$name: the detail is the first message");
	is_deeply([ map { $_->{code} } @{ $document->{errors} } ],
	    [ map { $_->{error} } @{ $document->{errors} } ],
	    "$name: its code under both names");
	is($document->{request_id}, $answer->header('x-request-id'),
	    "$name: one id in the document and the header");
	is($answer->header('content-type'), 'application/json',
	    "$name: application/json");
}

# --- Where there is nothing, and what is not served.

is_problem($parley->get('/v1/nothing'), 404, 'Not Found',
    'ROUTE_NOT_FOUND', 'an unknown route');
is_problem($parley->get('/v1/sms/create/more'), 404, 'Not Found',
    'ROUTE_NOT_FOUND', 'more behind a route');
is_problem($parley->get('/v1/me/'), 404, 'Not Found', 'ROUTE_NOT_FOUND',
    'a slash at the end');
is_problem($parley->get('/V1/ME'), 404, 'Not Found', 'ROUTE_NOT_FOUND',
    'a route in capitals');
is_problem($parley->get('/'), 404, 'Not Found', 'ROUTE_NOT_FOUND',
    'the root, which nginx answers');
is_problem($parley->get('/etc/passwd'), 404, 'Not Found', 'ROUTE_NOT_FOUND',
    'a file');
is_problem($parley->get('/v1'), 404, 'Not Found', 'ROUTE_NOT_FOUND',
    'the version alone');

for ([ GET => $create, 'POST' ], [ POST => '/v1/me', 'GET' ],
    [ PUT => '/v1/carriers', 'GET, POST' ],
    [ POST => '/v1/phone-numbers/+15550001111', 'GET, PATCH, DELETE' ],
    [ DELETE => '/v1/health', 'GET' ]) {
	my ($method, $path, $allow) = @$_;
	my $answer = $parley->request($method, $path);
	is_problem($answer, 405, 'Method Not Allowed', 'METHOD_NOT_ALLOWED',
	    "$method $path");
	is($answer->header('allow'), $allow, "$method $path: Allow");
}

# --- Bodies that are not taken.

my $long = '{"message":"' . 'x' x (1048576 - 14) . '"}';
is(length $long, 1048576, 'a body of 1 MiB');
is($parley->post($create, $long)->status, 400,
    'is read, and its fields are refused');
is_problem($parley->post($create, $long . ' '), 413,
    'Content Too Large', 'PAYLOAD_TOO_LARGE', 'one byte more');
is_problem($parley->post($create, 'x' x 3_000_000), 413,
    'Content Too Large', 'PAYLOAD_TOO_LARGE', 'three megabytes');

for my $type ('text/plain', 'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x', 'application/jsonx', 'json',
    'application/problem+json') {
	is_problem($parley->post($create, '{}', { 'content-type' => $type }),
	    415, 'Unsupported Media Type', 'UNSUPPORTED_MEDIA_TYPE', $type);
}
for my $type (undef, '', 'application/json; charset=utf-8',
    'APPLICATION/JSON', 'application/json;charset=UTF-8') {
	is($parley->post($create, '{}', { 'content-type' => $type })->status,
	    400, 'taken as JSON: ' . ($type // 'no type'));
}

# --- What RFC 8259 forbids.  Bytes, and where the fault is.

my $nested = 10_000;
my @bad = (
	[ 'spaces alone', '  ', 1, 1 ],
	[ 'a byte order mark', "\xef\xbb\xbf{}", 1, 1 ],
	[ 'half an object', '{"message":', 1, 12 ],
	[ 'two objects', '{} {}', 1, 4 ],
	[ 'a comma at the end', '{"a":1,}', 1, 8 ],
	[ 'no colon', '{"a" 1}', 1, 6 ],
	[ 'single quotes', "{'message':1}", 1, 2 ],
	[ 'single quotes about a value', "{\"message\":'x'}", 1, 12 ],
	[ 'a name without quotes', '{message:1}', 1, 2 ],
	[ 'a comment', "{} // x", 1, 4 ],
	[ 'a comment of C', '{/* x */}', 1, 2 ],
	[ 'NaN', '{"time_out":NaN}', 1, 13 ],
	[ 'Infinity', '{"time_out":Infinity}', 1, 13 ],
	[ '-Infinity', '{"time_out":-Infinity}', 1, 14 ],
	[ 'a plus', '{"time_out":+1}', 1, 13 ],
	[ 'a zero in front', '{"time_out":01}', 1, 13 ],
	[ 'a point at the end', '{"time_out":1.}', 1, 15 ],
	[ 'a point in front', '{"time_out":.5}', 1, 13 ],
	[ 'an empty exponent', '{"time_out":1e}', 1, 15 ],
	[ 'hexadecimal', '{"time_out":0x10}', 1, 14 ],
	[ 'a word in capitals', '{"new_conversation":True}', 1, 21 ],
	[ 'undefined', '{"message":undefined}', 1, 12 ],
	[ 'a name twice', '{"message":"a","message":"b"}', 1, 16 ],
	[ 'a name twice, once escaped', '{"a":"a","\u0061":"b"}', 1, 10 ],
	[ 'a raw line feed in a text', "{\"message\":\"a\nb\"}", 1, 14 ],
	[ 'a raw tab in a text', "{\"message\":\"a\tb\"}", 1, 14 ],
	[ 'a raw null in a text', "{\"message\":\"a\0b\"}", 1, 14 ],
	[ 'a null behind', "{}\0", 1, 3 ],
	[ 'an unknown escape', '{"message":"a\x"}', 1, 14 ],
	[ 'half an escape', '{"message":"\u12"}', 1, 13 ],
	[ 'a high surrogate alone', '{"message":"\ud83d"}', 1, 13 ],
	[ 'a low surrogate alone', '{"message":"\ude00"}', 1, 13 ],
	[ 'surrogates the wrong way', '{"message":"\ude00\ud83d"}', 1, 13 ],
	[ 'overlong UTF-8', "{\"message\":\"\xc0\xaf\"}", 1, 13 ],
	[ 'longer overlong UTF-8', "{\"message\":\"\xe0\x80\xaf\"}", 1, 13 ],
	[ 'a surrogate in UTF-8', "{\"message\":\"\xed\xa0\x80\"}", 1, 13 ],
	[ 'more than Unicode', "{\"message\":\"\xf4\x90\x80\x80\"}", 1, 13 ],
	[ 'a byte of Latin-1', "{\"message\":\"\xe9\"}", 1, 13 ],
	[ 'half a character', "{\"message\":\"\xf0\x9f\x98\"}", 1, 13 ],
	[ 'an array', '[]', undef, undef ],
	[ 'an array of objects', '[{}]', undef, undef ],
	[ 'a text', '"x"', undef, undef ],
	[ 'a number', '1', undef, undef ],
	[ 'true', 'true', undef, undef ],
	[ 'null', 'null', undef, undef ],
	[ 'a fault in the third line', "{\n\"a\": 1,\n  x}", 3, 3 ],
	[ 'one behind wide characters', encode('UTF-8', '{"é😀":x}'), 1, 7 ],
	[ 'ten thousand levels of arrays', '{"request_data":'
	    . '[' x $nested . ']' x $nested . '}', 1, undef ],
	[ 'ten thousand levels of objects', '{"a":' x $nested . '1'
	    . '}' x $nested, 1, undef ],
	[ 'arrays that are never closed', '[' x 100_000, 1, undef ],
	[ '33 levels', '{"request_data":' . '[' x 32 . ']' x 32 . '}', 1, 48 ],
);
for (@bad) {
	my ($name, $body, $line, $column) = @$_;
	my $answer = $parley->post($create, $body);
	is($answer->status, 400, "$name: 400");
	is($answer->faults, 'INVALID_JSON', "$name: INVALID_JSON");
	my $message = $answer->json->{detail};
	my $where = defined $column ? "line $line, column $column: " :
	    defined $line ? "line $line, column " : 'the body must be';
	is(substr($message, 0, length $where), $where, "$name: it says where");
}

is($parley->post($create, '')->faults =~ s/,.*//r,
    'MISSING_REQUIRED_FIELDS /user_number',
    'an empty body is an object without members');
like($parley->post($create, '{"request_data":' . '[' x 31 . ']' x 31
    . '}')->faults, qr{/request_data}, '32 levels are read');

# --- What nginx itself refuses.

for ([ 'no HTTP', "GARBAGE\r\n\r\n", 400, 'BAD_REQUEST', 'Bad Request' ],
    [ 'no Host', "GET /v1/health HTTP/1.1\r\n\r\n", 400, 'BAD_REQUEST',
	'Bad Request' ],
    [ 'a length that is none', "POST /v1/sms/create HTTP/1.1\r\nHost: x\r\n"
	. "Content-Length: x\r\n\r\n", 400, 'BAD_REQUEST', 'Bad Request' ],
    [ 'a header that is too long', "GET /v1/health HTTP/1.1\r\nHost: x\r\n"
	. 'X: ' . 'x' x 70_000 . "\r\n\r\n", 431, 'HEADERS_TOO_LARGE',
	'Request Header Fields Too Large' ],
    [ 'an address that is too long', 'GET /v1/' . 'x' x 70_000
	. " HTTP/1.1\r\nHost: x\r\n\r\n", 414, 'URI_TOO_LONG',
	'URI Too Long' ]) {
	my ($name, $bytes, $status, $code, $title) = @$_;
	my $answer = $parley->raw($bytes);
	is_problem($answer, $status, $title, $code, $name);
}

# --- Addresses that are not understood.

for my $path ('/v1/sms/conversations?page=%zz',
    '/v1/sms/conversations?page=%ff', '/v1/sms/conversations?page=%00',
    '/v1/me%ff', '/v1/me%') {
	my $answer = $parley->get($path);
	is($answer->status, 400, "$path: 400");
	is($answer->faults, 'BAD_REQUEST', "$path: BAD_REQUEST");
}

# --- Every answer has an id of its own.

my %ids = map { $_ => 1 } map { $parley->get('/v1/health')
    ->header('x-request-id') } 1 .. 20;
is(keys %ids, 20, 'twenty requests have twenty ids');
my $answer = $parley->get('/v1/me');
my $log_id = $answer->header('x-request-id');
ok(wait_until(60, sub { $parley->api->log =~ /\Q$log_id\E/ }),
    'the id is in the log of parley-api');
is($answer->header('server') =~ s/nginx//r, '',
    'nobody says which version of what answers');

is($parley->state, $before, 'and nothing was stored of all that');

done_testing;
