//! The parts of a PostgreSQL schema: existing and expected ones.

use super::super::fit::player_columns;
use super::fit::is_key;

/// Reads every part of clickoff's schema by kind and name in lower case, with its definition, and
/// what the game needs of `users`, which may be the tutorial's table. A SECURITY DEFINER routine
/// needs an owner who may write. Names of schemas are removed, as are the casts that the server
/// adds according to the types of `users`. Triggers of other programs are included.
pub const PARTS: &str = concat!(
    r"
    WITH here AS (SELECT relnamespace AS schema, relnamespace::regnamespace::text AS name
                  FROM pg_class WHERE oid = to_regclass('users'))
    SELECT CASE c.relkind WHEN 'c' THEN 'type' ELSE 'table' END AS kind,
           lower(c.relname::text) AS name, c.relpersistence::text AS what
    FROM here JOIN pg_class c ON c.relnamespace = here.schema
    WHERE c.relkind IN ('r', 'p', 'c') AND (c.relname LIKE 'click\_%' OR c.relname = 'users')
    UNION ALL
    SELECT 'column', c.relname || '.' || a.attname,
           CASE WHEN c.relname <> 'users'
                THEN format_type(a.atttypid, a.atttypmod)
                     || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
                     || COALESCE(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
                WHEN t.typcategory = 'N' THEN 'number'
                WHEN t.typcategory = 'S' THEN 'text'
                ELSE t.typname::text END
    FROM here
    JOIN pg_class c ON c.relnamespace = here.schema AND c.relkind IN ('r', 'p', 'c')
    JOIN pg_attribute a ON a.attrelid = c.oid
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped
      AND (c.relname LIKE 'click\_%' AND c.relname <> 'click_migrations'
           OR c.relname = 'users' AND a.attname IN ",
    player_columns!(),
    r")
    UNION ALL
    SELECT 'key', 'users.id', 'unique' WHERE ",
    is_key!(),
    r"
    UNION ALL
    SELECT 'index', lower(c.relname::text),
           CASE t.relname WHEN 'users' THEN 'on users'
                ELSE replace(pg_get_indexdef(i.indexrelid), ' ON ' || here.name || '.', ' ON ')
           END || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
    FROM here
    JOIN pg_class t ON t.relnamespace = here.schema
    JOIN pg_index i ON i.indrelid = t.oid
    JOIN pg_class c ON c.oid = i.indexrelid
    WHERE t.relname LIKE 'click\_%' AND t.relname <> 'click_migrations'
       OR t.relname = 'users' AND c.relname LIKE 'click\_%'
    UNION ALL
    SELECT 'trigger', lower(t.tgname::text),
           regexp_replace(replace(pg_get_triggerdef(t.oid), ' ON ' || here.name || '.', ' ON '),
                          '::(bigint|integer|smallint|numeric|real|double precision|text'
                          || '|character varying)|[()]', '', 'g')
           || CASE t.tgenabled WHEN 'O' THEN '' ELSE ' switched to ' || t.tgenabled::text END
    FROM here
    JOIN pg_class c ON c.relnamespace = here.schema
                   AND (c.relname LIKE 'click\_%' OR c.relname = 'users')
    JOIN pg_trigger t ON t.tgrelid = c.oid
    WHERE NOT t.tgisinternal
    UNION ALL
    SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END,
           lower(p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'),
           concat_ws(' ', l.lanname, p.provolatile,
                     replace(array_to_string(p.proconfig, ' '),
                             'search_path=' || here.name || ',', 'search_path=@,'),
                     CASE WHEN p.prosecdef
                          THEN CASE WHEN has_table_privilege(p.proowner, to_regclass('users'),
                                                             'UPDATE')
                                     AND has_table_privilege(p.proowner,
                                                             to_regclass('click_sessions'),
                                                             'UPDATE')
                                    THEN 'as one who may write'
                                    ELSE 'as one who may not write' END END,
                     encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex'))
    FROM here
    JOIN pg_proc p ON p.pronamespace = here.schema
    JOIN pg_language l ON l.oid = p.prolang
    WHERE p.proname LIKE 'click\_%'
    ORDER BY 1, 2"
);

/// The parts that the migrations make. A test keeps this file up to date.
pub const SCHEMA: &str = include_str!("../../../assets/schema/postgres.tsv");
