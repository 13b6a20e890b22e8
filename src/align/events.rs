//! Which articles belong to one event.

use super::Related;

/// First article of the event of each article: articles are on one event when a chain of relations joins them.
pub fn events(articles: usize, related: &[Related]) -> Vec<usize> {
    let mut first: Vec<usize> = (0..articles).collect();
    for pair in related {
        let (a, b) = (root(&mut first, pair.left), root(&mut first, pair.right));
        first[a.max(b)] = a.min(b);
    }
    (0..articles).map(|article| root(&mut first, article)).collect()
}

/// Follows `first` to its end and shortens the way.
fn root(first: &mut [usize], mut article: usize) -> usize {
    while first[article] != article {
        first[article] = first[first[article]];
        article = first[article];
    }
    article
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_of_relations_make_one_event_named_by_its_first_article() {
        let pair = |left, right| Related { left, right, score: 1.0 };
        assert_eq!(events(7, &[pair(4, 5), pair(1, 4), pair(3, 6)]), [0, 1, 2, 3, 1, 1, 3]);
        assert_eq!(events(2, &[]), [0, 1]);
    }
}
