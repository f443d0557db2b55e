#!/usr/bin/perl
# warning_time is less than time_out, for the pair that holds: the request
# over the conversation over the number.
use v5.30;
use warnings;

use Parley::Test;

my $parley = Parley::Test->new;

sub wanted {
	my ($time_out, $warning_time) = @_;
	return $time_out && $warning_time && $warning_time >= $time_out;
}

# What is set in SQL for undef.
sub sql_number { return $_[0] // 'NULL' }

my @pairs = map { my $time_out = $_; map { [ $time_out, $_ ] } undef, 60, 200 }
    undef, 100, 50;
my @asked = map { my $time_out = $_; map { [ $time_out, $_ ] } 'absent',
    undef, 40, 100, 150 } 'absent', undef, 40, 100;
my ($tried, @wrong) = (0);
for my $number (@pairs) {
	next if wanted(@$number);
	$parley->sql(sprintf 'UPDATE number_config SET time_out = %s,'
	    . ' warning_time = %s', map { sql_number($_) } @$number);
	for my $own (@pairs) {
		next if wanted($own->[0] // $number->[0],
		    $own->[1] // $number->[1]);
		try_all($number, $own);
	}
}
is(join("\n", @wrong[0 .. ($#wrong < 9 ? $#wrong : 9)]), '',
    'every combination is judged by the pair that holds');
cmp_ok($tried, '>', 300, 'of which there are many');

# Every request on a conversation with its own times, each on one that is
# just made.
sub try_all {
	my ($number, $own) = @_;
	for my $asked (@asked) {
		my @now = map { !defined $asked->[$_] ? undef :
		    $asked->[$_] eq 'absent' ? $own->[$_] : $asked->[$_] }
		    0, 1;
		my $is_bad = wanted($now[0] // $number->[0],
		    $now[1] // $number->[1]);
		my $user = sprintf '+1555210%04d', ++$tried;
		$parley->create(user_number => $user,
		    time_out => $own->[0], warning_time => $own->[1]);
		my $got = ask($user, @$asked);
		my $field = is_given($asked->[0]) && !is_given($asked->[1]) ?
		    '/time_out' : '/warning_time';
		my $wanted = $is_bad ? "400 INVALID_TIMEOUT_CONFIG $field" :
		    '200 ';
		push @wrong, join ' ', 'number', (map { $_ // '-' } @$number),
		    'conversation', (map { $_ // '-' } @$own), 'request',
		    (map { $_ // 'null' } @$asked), "got $got"
		    if $got ne $wanted;
	}
}

sub is_given { return defined $_[0] && $_[0] ne 'absent' }

# Status and faults of a request with these times, undef for null.
sub ask {
	my ($user, $time_out, $warning_time) = @_;
	my %body = (user_number => $user, agent_number => $parley->number,
	    message => 'x', time_out => $time_out,
	    warning_time => $warning_time);
	delete @body{grep { ($body{$_} // '') eq 'absent' } keys %body};
	my $answer = $parley->post('/v1/sms/create', \%body);
	return join ' ', $answer->status, $answer->faults;
}

# --- The same for a number, against its own values.

sub update {
	my (%given) = @_;
	return $parley->post('/v1/sms/number/update', {
	    phone_number => $parley->number, %given });
}
my $answer = update(time_out => 600, warning_time => 900);
is($answer->status, 400, 'a number is refused a warning after its end');
is($answer->faults, 'INVALID_TIMEOUT_CONFIG /warning_time',
    'the field is named');
is($answer->errors->[0]{message},
    'warning_time (900) must be less than time_out (600)', 'and the rule');
is(update(time_out => 600, warning_time => 600)->faults,
    'INVALID_TIMEOUT_CONFIG /warning_time', 'less means less');
is(update(time_out => 600, warning_time => 599.999)->status, 200,
    'a little less will do');
is(update(time_out => 599)->faults, 'INVALID_TIMEOUT_CONFIG /time_out',
    'it is checked against what is there: the end');
is(update(warning_time => 700)->faults,
    'INVALID_TIMEOUT_CONFIG /warning_time', 'and the warning');
is(update(warning_time => 700, time_out => undef)->status, 200,
    'without an end there is nothing to check');
is(update(warning_time => undef, time_out => 1)->status, 200,
    'and without a warning');

# --- A new conversation starts without what the old one had.

$parley->create(user_number => '+15550003333', time_out => 50);
is($parley->create(user_number => '+15550003333', warning_time => 60)
    ->faults, 'INVALID_TIMEOUT_CONFIG /warning_time',
    'the override of the conversation counts');
update(time_out => undef);
is($parley->create(user_number => '+15550003333', warning_time => 60,
    new_conversation => JSON::PP::true)->status, 200,
    'but not for a new one');

# What is given is judged, be it what was given before.
{
	my $user = '+15552109999';
	$parley->sql('UPDATE number_config SET time_out = NULL,'
	    . ' warning_time = NULL');
	$parley->create(user_number => $user, time_out => 60);
	$parley->sql('UPDATE number_config SET warning_time = 100');
	is($parley->create(user_number => $user, time_out => 60)->faults,
	    'INVALID_TIMEOUT_CONFIG /time_out', 'the same again, too late');
	is($parley->create(user_number => $user)->status, 200,
	    'and who gives no time is not asked');
}

done_testing;
