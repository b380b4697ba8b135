//! The parts of a PostgreSQL schema, as they are and as they should be.

/// Every part that is clickoff's, by kind and name in lower case, with what it is; and of `users`,
/// which may be the tutorial's, what the game needs. A routine that runs as its owner is of use only
/// where that one may write. What the schema is called is no matter, nor are the casts that the server
/// puts into a condition by the types of `users`.
pub const PARTS: &str = r"
    SELECT 'table', lower(relname::text), relpersistence::text
    FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
      AND (relname LIKE 'click\_%' OR relname = 'users')
    UNION ALL
    SELECT 'column', c.relname || '.' || a.attname,
           CASE WHEN c.relname <> 'users'
                THEN format_type(a.atttypid, a.atttypmod)
                     || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
                     || COALESCE(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
                WHEN t.typcategory = 'N' THEN 'number'
                WHEN t.typcategory = 'S' THEN 'text'
                ELSE t.typname::text END
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND a.attnum > 0 AND NOT a.attisdropped
      AND (c.relname LIKE 'click\_%' AND c.relname <> 'click_migrations'
           OR c.relname = 'users' AND a.attname IN ('id', 'name', 'email', 'score'))
    UNION ALL
    SELECT 'key', 'users.id', 'unique'
    FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = 'id'
    WHERE i.indrelid = to_regclass('users') AND i.indisunique AND i.indisvalid
      AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum
    UNION ALL
    SELECT 'index', lower(c.relname::text),
           CASE t.relname WHEN 'users' THEN 'on users'
                ELSE replace(pg_get_indexdef(i.indexrelid), quote_ident(current_schema()) || '.', '')
           END || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = current_schema()::regnamespace
      AND (t.relname LIKE 'click\_%' AND t.relname <> 'click_migrations'
           OR t.relname = 'users' AND c.relname LIKE 'click\_%')
    UNION ALL
    SELECT 'trigger', lower(tgname::text),
           regexp_replace(replace(pg_get_triggerdef(oid), quote_ident(current_schema()) || '.', ''),
                          '::(bigint|integer|smallint|text|character varying)|[()]', '', 'g')
           || CASE tgenabled WHEN 'O' THEN '' ELSE ' switched to ' || tgenabled::text END
    FROM pg_trigger
    WHERE tgrelid IN (to_regclass('users'), to_regclass('click_sessions'))
      AND NOT tgisinternal
    UNION ALL
    SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END,
           lower(p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'),
           concat_ws(' ', l.lanname, p.provolatile,
                     replace(array_to_string(p.proconfig, ' '), quote_ident(current_schema()), '@'),
                     CASE WHEN p.prosecdef
                          THEN CASE WHEN has_table_privilege(p.proowner, to_regclass('users'),
                                                             'UPDATE')
                                     AND has_table_privilege(p.proowner,
                                                             to_regclass('click_sessions'),
                                                             'UPDATE')
                                    THEN 'as one who may write'
                                    ELSE 'as one who may not write' END END,
                     encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex'))
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'click\_%'
    ORDER BY 1, 2";

/// The parts that the migrations make; a test holds it to them.
pub const SCHEMA: &str = include_str!("../../../assets/schema/postgres.tsv");
