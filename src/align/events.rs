//! Which articles belong to one event.

use super::Related;

/// First article of the event of each article.
///
/// Articles are on one event when a chain of relations joins them. Where that makes an event of more than `most` articles, its
/// relations join them anew, the surest first (ties by position), and none that would make it too large; 0 sets no limit.
/// An event within the limit never depends on other events.
pub fn events(articles: usize, related: &[Related], most: usize) -> Vec<usize> {
    let mut chains = Parts::new(articles);
    related.iter().for_each(|pair| chains.join(pair, usize::MAX));
    if most == 0 || chains.sizes.iter().all(|&size| size <= most) {
        return chains.firsts();
    }
    let mut order: Vec<&Related> = related.iter().collect();
    order.sort_by(|a, b| b.score.total_cmp(&a.score).then((a.left, a.right).cmp(&(b.left, b.right))));
    let mut cut = Parts::new(articles);
    order.into_iter().for_each(|pair| cut.join(pair, most));
    cut.firsts()
}

/// Articles in parts that grow together.
struct Parts {
    /// An earlier article of the same part, or the article itself if it is the first.
    first: Vec<usize>,
    /// Articles of the part, at its first article.
    sizes: Vec<usize>,
}

impl Parts {
    fn new(articles: usize) -> Self {
        Self { first: (0..articles).collect(), sizes: vec![1; articles] }
    }

    /// Joins the parts of two articles unless they hold more than `most` together.
    fn join(&mut self, pair: &Related, most: usize) {
        let (a, b) = (self.root(pair.left), self.root(pair.right));
        if a == b || self.sizes[a] + self.sizes[b] > most {
            return;
        }
        self.first[a.max(b)] = a.min(b);
        self.sizes[a.min(b)] = self.sizes[a] + self.sizes[b];
    }

    /// Follows `first` to its end and shortens the way.
    fn root(&mut self, mut article: usize) -> usize {
        while self.first[article] != article {
            self.first[article] = self.first[self.first[article]];
            article = self.first[article];
        }
        article
    }

    fn firsts(mut self) -> Vec<usize> {
        (0..self.first.len()).map(|article| self.root(article)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_of_relations_make_one_event_named_by_its_first_article() {
        let pair = |left, right| Related { left, right, score: 1.0 };
        assert_eq!(events(7, &[pair(4, 5), pair(1, 4), pair(3, 6)], 0), [0, 1, 2, 3, 1, 1, 3]);
        assert_eq!(events(2, &[], 0), [0, 1]);
    }

    #[test]
    fn an_event_that_is_too_large_is_cut_at_its_weakest_relations() {
        let pair = |left, right, score| Related { left, right, score };
        // Two threes joined by a weak relation, and an event apart from them.
        let related =
            [pair(0, 1, 0.9), pair(1, 2, 0.8), pair(2, 3, 0.7), pair(3, 4, 0.9), pair(3, 5, 0.8), pair(6, 7, 0.6)];
        assert_eq!(events(8, &related, 6), [0, 0, 0, 0, 0, 0, 6, 6]);
        assert_eq!(events(8, &related, 3), [0, 0, 0, 3, 3, 3, 6, 6]);
        // The event apart is as without the others.
        assert_eq!(events(8, &related[5..], 3)[6..], [6, 6]);
    }

    #[test]
    fn the_order_of_the_relations_makes_no_difference() {
        let mut related: Vec<Related> = (0..40)
            .flat_map(|left| (left + 1..40).map(move |right| (left, right)))
            .filter(|(left, right)| (left * 7 + right * 3) % 5 == 0)
            .map(|(left, right)| Related { left, right, score: ((left * right) % 7) as f32 / 7.0 })
            .collect();
        let found = events(40, &related, 9);
        related.reverse();
        assert_eq!(events(40, &related, 9), found);
        let size = |event: usize| found.iter().filter(|&&first| first == event).count();
        assert!((0..40).all(|event| size(event) <= 9) && (0..40).any(|event| size(event) > 4), "{found:?}");
    }
}
