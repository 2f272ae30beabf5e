use super::*;
use crate::Engine::{Postgres, Sqlite};

fn window(from: End) -> Window {
    Window { after: None, before: None, from, size: 2 }
}

#[test]
fn values_are_numbered_through_all_conditions() {
    let mut list = Listing::of("*", "things t", "t.id");
    list.only("t.a = ?", [1.into()]);
    list.any_of("t.b IN ({})", vec![2.into(), 3.into()]);
    list.only("t.c IS NULL", []);
    let sql = list.count_sql(Sqlite);
    let expected = "SELECT (SELECT COUNT(*) FROM things t WHERE (t.a = $1) AND (t.b IN ($2, $3)) AND (t.c IS NULL)) AS count";
    assert_eq!(sql.to_string(), expected);
    let values = sea_orm::Statement::from(sql).values.unwrap();
    assert_eq!(values.0, [1.into(), 2.into(), 3.into()]);
}

#[test]
fn a_page_is_read_from_its_end() {
    let mut list = Listing::of("*", "things t", "t.id");
    let page = |list: &Listing, from| list.page_sql(Sqlite, window(from)).to_string();
    assert_eq!(page(&list, End::First), "SELECT * FROM things t WHERE TRUE ORDER BY t.id ASC LIMIT 3");
    assert_eq!(page(&list, End::Last), "SELECT * FROM things t WHERE TRUE ORDER BY t.id DESC LIMIT 3");
    list.sort(Order { descending: true, ..Order::default() });
    assert_eq!(page(&list, End::First), "SELECT * FROM things t WHERE TRUE ORDER BY t.id DESC LIMIT 3");
}

#[test]
fn a_sorted_list_goes_on_behind_key_and_id() {
    let mut list = Listing::of("*", "things t", "t.id");
    let after = Some("x".to_owned());
    list.sort(Order { key: Some(Key("t.name")), descending: true, after, before: None });
    let window = Window { after: Some(Uuid::nil()), ..window(End::First) };
    assert_eq!(
        list.page_sql(Sqlite, window).to_string(),
        "SELECT *, t.name AS sort_key FROM things t WHERE ((t.name, t.id) < ($1, $2)) \
         ORDER BY t.name DESC, t.id DESC LIMIT 3"
    );
}

#[test]
fn of_several_ways_one_is_taken() {
    let mut list = Listing::of("*", "things t", "t.id");
    let way = |column: &'static str| {
        let of = values(vec![7.into()]);
        let condition = Clause::new(format!("{column} = ?"), [7.into()]);
        Way::new(condition, vec![Branch::of(Clause::TRUE).with_each(column, of)])
    };
    list.along(way("t.a"));
    list.along(way("t.b"));
    let of = "SELECT column1 AS v FROM (VALUES ($1)) AS given";
    let first = "SELECT t.id AS id FROM things t WHERE (t.b = $2) AND (TRUE) AND (t.a = v.v) ORDER BY t.id ASC LIMIT 3";
    let rest = "AS k ORDER BY k.id ASC LIMIT 3) ORDER BY t.id ASC LIMIT 3";
    assert_eq!(
        list.page_sql(Postgres, window(End::First)).to_string(),
        format!(
            "SELECT * FROM things t WHERE t.id IN (SELECT k.id FROM (SELECT b.id FROM ({of}) AS v \
             CROSS JOIN LATERAL ({first}) AS b) {rest}"
        )
    );
    assert_eq!(
        list.page_sql(Sqlite, window(End::First)).to_string(),
        format!(
            "SELECT * FROM things t WHERE t.id IN (SELECT k.id FROM (SELECT b.id FROM ({of}) AS v \
             CROSS JOIN things AS b WHERE b.id IN ({first})) {rest}"
        )
    );
    assert_eq!(
        list.count_sql(Postgres).to_string(),
        "SELECT (SELECT COUNT(*) FROM things t WHERE (t.b = $1) AND (TRUE) AND t.a IN \
         (SELECT column1 AS v FROM (VALUES ($2)) AS given)) AS count"
    );
    list.sort(Order { key: Some(Key("t.name")), ..Order::default() });
    assert!(
        list.page_sql(Sqlite, window(End::First))
            .to_string()
            .contains("WHERE (t.b = $1) AND (t.a = $2) ORDER")
    );
}

/// How the statement finds texts with these many letters.
fn found(engine: crate::Engine, letters: usize, filtered: bool) -> &'static str {
    let mut list = Listing::of("*", "things t", "t.id");
    if filtered {
        list.only("t.a = ?", [1.into()]);
    }
    let grams = Grams { index: ("grams", "name"), pieces: "pieces", number: "s.number", letters };
    list.along(Way::to_text(("searched s", "s.id"), "s.name", Clause::new("?", ["x".into()]), grams));
    let sql = list.page_sql(engine, window(End::First)).to_string();
    let has = |part: &str| sql.contains(part);
    match (has("WITH nearby"), has("g.name MATCH"), has("p.term >="), has("@> (SELECT grams_within(")) {
        (false, false, false, false) => "one by one",
        (true, true, false, false) => "by pieces",
        (true, false, true, false) => "by what begins pieces",
        (true, false, false, true) => "by the engine's own index",
        _ => panic!("{sql}"),
    }
}

#[test]
fn a_text_is_found_by_what_there_is() {
    for filtered in [false, true] {
        assert_eq!(found(Postgres, 2, filtered), "by the engine's own index");
        assert_eq!(found(Sqlite, 3, filtered), "by pieces");
    }
    assert_eq!(found(Sqlite, 2, false), "by what begins pieces");
    assert_eq!(found(Sqlite, 2, true), "one by one");
}

#[test]
fn a_pattern_finds_the_text_itself() {
    assert_eq!(containing("50%_\\"), "%50\\%\\_\\\\%");
}

#[test]
fn when_it_was_created_and_where_the_page_begins_are_one_bound() {
    let mut list = Listing::of("*", "things t", "t.id");
    let at = |millis: i64| Some(kernel::Timestamp(millis * 1000));
    list.created(at(20), at(10));
    let id = |millis: u128| Uuid::from_u128(millis << 80);
    let bounds = |list: &Listing, after, before| {
        let sql = list.page_sql(Sqlite, Window { after, before, ..window(End::First) });
        assert!(sql.to_string().contains("(t.id > $1) AND (t.id < $2) ORDER"), "{sql}");
        sea_orm::Statement::from(sql).values.unwrap().0
    };
    let last = Uuid::from_u128((11 << 80) - 1);
    assert_eq!(bounds(&list, None, None), [last.into(), id(20).into()]);
    assert_eq!(bounds(&list, Some(id(5)), Some(id(25))), [last.into(), id(20).into()]);
    assert_eq!(bounds(&list, Some(id(15)), Some(id(18))), [id(15).into(), id(18).into()]);
    list.sort(Order { descending: true, ..Order::default() });
    assert_eq!(bounds(&list, Some(id(18)), Some(id(15))), [id(15).into(), id(18).into()]);
    assert_eq!(
        list.count_sql(Sqlite).to_string(),
        "SELECT (SELECT COUNT(*) FROM things t WHERE (t.id > $1) AND (t.id < $2)) AS count"
    );
}

#[test]
fn all_but_a_few_are_counted_by_taking_those_away() {
    let mut list = Listing::of("*", "things t", "t.id");
    list.only("t.a = ?", [1.into()]);
    let few = || {
        let branch = Branch::of(Clause::TRUE).with_each("t.b", Clause::text("SELECT 7 AS v"));
        Way::new(Clause::text("t.b = 7"), vec![branch])
    };
    list.without(Clause::text("t.b <> 7"), few());
    assert!(list.page_sql(Sqlite, window(End::First)).to_string().contains("(t.a = $1) AND (t.b <> 7)"));
    assert_eq!(
        list.count_sql(Sqlite).to_string(),
        "SELECT (SELECT COUNT(*) FROM things t WHERE (t.a = $1)) - \
         (SELECT COUNT(*) FROM things t WHERE (t.a = $2) AND (TRUE) AND t.b IN (SELECT 7 AS v)) AS count"
    );
    list.along(Way::new(Clause::TRUE, vec![Branch::of(Clause::text("t.c = 3"))]));
    assert_eq!(
        list.count_sql(Sqlite).to_string(),
        "SELECT (SELECT COUNT(*) FROM things t WHERE (t.a = $1) AND (t.b <> 7) AND (t.c = 3)) AS count"
    );
}
