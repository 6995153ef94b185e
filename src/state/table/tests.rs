use super::*;
use crate::actions::plan::JobId;

fn entry(n: u64, key: i64) -> Entry {
    Entry::new(RowId::Job(JobId(n)), SortKey::Number(key), format!("{n:04}"), None)
}

fn order(index: &Index) -> Vec<u64> {
    index.rows().map(|r| if let RowId::Job(JobId(n)) = r { n } else { 0 }).collect()
}

#[test]
fn a_changed_key_moves_only_its_row() {
    let mut index = Index::rebuild((0..5).map(|n| entry(n, n.cast_signed())).collect(), false, |_| true);
    index.put(entry(0, 3), true);
    assert_eq!(order(&index), [1, 2, 0, 3, 4], "ties go by identity");
    index.put(entry(4, -1), false);
    assert_eq!(order(&index), [1, 2, 0, 3]);
    assert_eq!((index.shown(), index.total()), (4, 5));
    index.put(entry(4, -1), true);
    assert_eq!(order(&index)[0], 4);
    index.take(RowId::Job(JobId(2)));
    assert_eq!(order(&index), [4, 1, 0, 3]);
}

#[test]
fn reverse_keeps_the_unknown_last_and_ties_stable() {
    let mut rows: Vec<_> = (0..3).map(|n| entry(n, 7)).collect();
    rows.push(Entry::new(RowId::Job(JobId(9)), SortKey::Nothing, "0009".into(), None));
    rows.push(entry(5, 8));
    let index = Index::rebuild(rows, true, |_| true);
    assert_eq!(order(&index), [5, 0, 1, 2, 9]);
}

#[test]
fn the_cursor_stays_on_its_row_when_one_is_inserted_above() {
    let mut table = TableView {
        index: Index::rebuild((10..20).map(|n| entry(n, n.cast_signed())).collect(), false, |_| true),
        touched: true,
        ..TableView::default()
    };
    table.move_to(4);
    let row = table.cursor;
    table.index.put(entry(1, 0), true);
    table.settle(5);
    assert_eq!((table.cursor, table.cursor_at), (row, 5));
    table.index.take(row.unwrap());
    table.settle(5);
    assert_eq!(table.cursor_at, 5, "the neighbour takes the place of a row that is gone");
    assert_ne!(table.cursor, row);
}

proptest::proptest! {
    /// Whatever comes and goes, the order equals a sort from scratch.
    #[test]
    fn incremental_equals_rebuilt(steps in proptest::collection::vec((0_u64..40, -5_i64..5, 0_u8..4), 0..200), reverse: bool) {
        let mut index = Index::rebuild(Vec::new(), reverse, |_| true);
        let mut model: std::collections::BTreeMap<u64, (i64, bool)> = std::collections::BTreeMap::new();
        for (n, key, what) in steps {
            if what == 0 {
                index.take(RowId::Job(JobId(n)));
                model.remove(&n);
            } else {
                index.put(entry(n, key), what != 1);
                model.insert(n, (key, what != 1));
            }
        }
        let fresh = Index::rebuild(model.iter().map(|(n, (key, _))| entry(*n, *key)).collect(), reverse, |e| {
            let RowId::Job(JobId(n)) = e.row else { return false };
            model[&n].1
        });
        proptest::prop_assert_eq!(order(&index), order(&fresh));
        proptest::prop_assert_eq!(index.total(), model.len());
    }
}
