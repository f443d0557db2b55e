#!/usr/bin/perl
# sql/schema.sql is what the migrations make, and the rights are those of its
# tables.
use v5.30;
use warnings;

use Parley::Source qw(files text);
use Parley::Test;

my $parley = Parley::Test->new(account => 0, start => 0);
is($parley->cli('migrate', '--schema') . "\n",
    text('sql/schema.sql') =~ s/\A(?:--.*\n|\n)+//r,
    'sql/schema.sql is what the migrations make (make schema)');

my @tables = map { $_->[0] } $parley->rows('SHOW TABLES');
my $grants = text('sql/grants.sql');
is(join(' ', grep { $grants !~ /ON parley\.$_\b/ } @tables), '',
    'every table has its rights');
my %tables = map { $_ => 1 } @tables;
is(join(' ', grep { !$tables{$_} } $grants =~ /ON parley\.(\w+)/g), '',
    'and no right is for a table that is not there');

# Every table has a primary key, that of a tenant begins with the account.
my %first = map { @$_ } $parley->rows(<<~'END');
	SELECT table_name, column_name
	FROM information_schema.key_column_usage
	WHERE table_schema = DATABASE() AND constraint_name = 'PRIMARY'
	  AND ordinal_position = 1
	END
is(join(' ', grep { !$first{$_} } @tables), '',
    'every table has a primary key');
my %shared = map { $_ => 1 } qw(schema_migration account api_key work);
is(join(' ', grep { !$shared{$_} && $first{$_} ne 'account_id' } @tables), '',
    'which begins with the account where an account owns the rows');
is($parley->sql(<<~'END'), '', 'no column has a type that one engine lacks');
	SELECT CONCAT(table_name, '.', column_name, ' ', data_type)
	FROM information_schema.columns
	WHERE table_schema = DATABASE()
	  AND data_type NOT IN ('binary', 'varchar', 'char', 'text',
	    'mediumtext', 'longtext', 'bigint', 'tinyint', 'double',
	    'datetime')
	END
is($parley->sql(<<~'END'), '', 'every time has microseconds');
	SELECT CONCAT(table_name, '.', column_name)
	FROM information_schema.columns
	WHERE table_schema = DATABASE() AND data_type = 'datetime'
	  AND datetime_precision <> 6
	END

# Migrations only go forward, in a line without gaps.
my @numbers = map { m{/(\d{4})-[a-z0-9-]+\.sql\z} ? $1 + 0 : "? $_" }
    files('sql/migrations', qr//);
is("@numbers", join(' ', 1 .. @numbers),
    'migrations are numbered without a gap');
is(join(' ', grep { text($_) =~ /\b(?:DROP TABLE|RETURNING|UUID\(\))/ }
    files('sql/migrations', qr//)), '', 'and portable');

done_testing;
