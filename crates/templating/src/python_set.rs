//! The order in which Python gives back the items of a set of whole numbers, which is the same in
//! every run, so playbooks may have come to rely on it. (For text Python's order is by chance; the
//! order of insertion stands for it here.)

use nafal_base::Value;

const PROBES: usize = 9;

struct Table {
    slots: Vec<Option<(u64, Value)>>,
    used: usize,
}

/// CPython's hash of an int that fits 64 bits.
fn hash(number: i64) -> u64 {
    const MODULUS: u64 = (1 << 61) - 1;
    let size = number.unsigned_abs() % MODULUS;
    let signed = if number < 0 { -(size as i64) } else { size as i64 };
    (if signed == -1 { -2 } else { signed }) as u64
}

impl Table {
    fn new(size: usize) -> Table {
        Table { slots: vec![None; size], used: 0 }
    }

    fn free_slot(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let (mut perturb, mut index) = (hash, hash as usize & mask);
        loop {
            let probes = if index + PROBES <= mask { PROBES } else { 0 };
            if let Some(free) = (index..=index + probes).find(|slot| self.slots[*slot].is_none()) {
                return free;
            }
            perturb >>= 5;
            index = index.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize) & mask;
        }
    }

    fn insert(&mut self, hash: u64, item: Value) {
        let slot = self.free_slot(hash);
        self.slots[slot] = Some((hash, item));
        self.used += 1;
        let mask = self.slots.len() - 1;
        if self.used * 5 >= mask * 3 {
            let least = if self.used > 50_000 { self.used * 2 } else { self.used * 4 };
            let mut size = 8;
            while size <= least {
                size <<= 1;
            }
            let mut larger = Table::new(size);
            for (hash, item) in std::mem::take(&mut self.slots).into_iter().flatten() {
                let slot = larger.free_slot(hash);
                larger.slots[slot] = Some((hash, item));
                larger.used += 1;
            }
            *self = larger;
        }
    }
}

/// These items, all different, as `list(set(items))` would give them.
pub(crate) fn in_set_order(items: Vec<Value>) -> Vec<Value> {
    if !items.iter().all(|item| matches!(item, Value::Int(_))) {
        return items;
    }
    let mut table = Table::new(8);
    for item in items {
        let number = item.as_int().unwrap_or(0);
        table.insert(hash(number), item);
    }
    table.slots.into_iter().flatten().map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(items: &[i64]) -> Vec<i64> {
        let items = in_set_order(items.iter().copied().map(Value::Int).collect());
        items.iter().filter_map(Value::as_int).collect()
    }

    #[test]
    fn same_as_python() {
        assert_eq!(order(&[3, 2, 1, 5]), [1, 2, 3, 5]);
        assert_eq!(order(&[8080, 80, 443, 22]), [8080, 80, 443, 22]);
        assert_eq!(order(&[100, 7, 15, 23, 31]), [100, 7, 15, 23, 31]);
    }
}
