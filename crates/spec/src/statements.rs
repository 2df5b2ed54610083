//! Statements of a function: the values that it needs to compute its results, and those of them that it keeps.
//!
//! The rounding of a sum depends on whether one of its terms is a product that is used nowhere else, since both are then one operation of most
//! processors. The emitter of Rust and the [`tape`](crate::tape) of the interpreter both ask here, so that both compute the same bits.

use crate::graph::{Graph, NodeId, Op};

/// Deepest expression that stands inside another one.
const MAX_HEIGHT: usize = 12;

/// The plan of a function that computes some results from given nodes.
#[derive(Debug, Clone)]
pub struct Statements<'a> {
    graph: &'a Graph,
    given: Vec<bool>,
    /// Number of times that each node is used by the results and by the nodes that they need.
    uses: Vec<usize>,
    /// Marks of the nodes that have a statement of their own.
    kept: Vec<bool>,
}

/// The ways in which a sum or a difference is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// `a + b`.
    Plus(NodeId, NodeId),
    /// `a - b`.
    Minus(NodeId, NodeId),
    /// `a*b + c` in one operation.
    ProductPlus(NodeId, NodeId, NodeId),
    /// `a*b - c` in one operation.
    ProductMinus(NodeId, NodeId, NodeId),
    /// `-a*b + c` in one operation.
    MinusProductPlus(NodeId, NodeId, NodeId),
}

impl<'a> Statements<'a> {
    /// The plan of a function that is given the values of some nodes and computes those of `results`.
    pub fn new(graph: &'a Graph, given: impl IntoIterator<Item = NodeId>, results: &[NodeId]) -> Self {
        let mut is_given = vec![false; graph.len()];
        for id in given {
            is_given[id.index()] = true;
        }
        let mut uses = vec![0; graph.len()];
        for result in results {
            uses[result.index()] += 1;
        }
        for id in graph.ids().rev() {
            if uses[id.index()] > 0 && !is_given[id.index()] {
                graph.op(id).operands().for_each(|operand| uses[operand.index()] += 1);
            }
        }
        let mut plan = Self { graph, given: is_given, uses, kept: vec![false; graph.len()] };
        let mut heights = vec![0; graph.len()];
        for id in graph.ids().filter(|id| plan.uses[id.index()] > 0 && !plan.given[id.index()]) {
            let height =
                1 + graph.op(id).operands().map(|operand| heights[operand.index()]).max().unwrap_or(0);
            let is_leaf = matches!(graph.op(id), Op::Constant(_) | Op::Symbol(_));
            let is_shared = plan.uses[id.index()] > 1 && !is_leaf;
            if is_shared || graph.name_of(id).is_some() || height > MAX_HEIGHT {
                plan.kept[id.index()] = true;
            } else {
                heights[id.index()] = height;
            }
        }
        plan
    }

    /// Whether the function reads or computes a node.
    pub fn needs(&self, id: NodeId) -> bool {
        self.uses.get(id.index()).is_some_and(|uses| *uses > 0)
    }

    /// Whether the function is given the value of a node.
    pub fn is_given(&self, id: NodeId) -> bool {
        self.given[id.index()]
    }

    /// Whether a node has a statement of its own, because it is used more than once, has a name, or would stand too deep inside another one.
    pub fn is_kept(&self, id: NodeId) -> bool {
        self.kept[id.index()]
    }

    /// The needed nodes, operands before what uses them.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> {
        self.graph.ids().filter(|id| self.needs(*id))
    }

    /// Chooses the way in which a node that is a sum or a difference is computed; `None` for other nodes.
    pub fn sum(&self, id: NodeId) -> Option<Sum> {
        match self.graph.op(id) {
            Op::Add(a, b) => Some(match (self.product(a), self.product(b)) {
                (_, Some((b, c))) => Sum::ProductPlus(b, c, a),
                (Some((a, c)), None) => Sum::ProductPlus(a, c, b),
                (None, None) => Sum::Plus(a, b),
            }),
            Op::Subtract(a, b) => Some(match (self.product(a), self.product(b)) {
                (_, Some((b, c))) => Sum::MinusProductPlus(b, c, a),
                (Some((a, c)), None) => Sum::ProductMinus(a, c, b),
                (None, None) => Sum::Minus(a, b),
            }),
            _ => None,
        }
    }

    /// The factors of a product that stands inside an expression.
    fn product(&self, id: NodeId) -> Option<(NodeId, NodeId)> {
        match self.graph.op(id) {
            Op::Multiply(a, b) if !self.is_given(id) && !self.is_kept(id) => Some((a, b)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Symbol;

    #[test]
    fn a_product_that_is_used_once_and_has_no_name_joins_its_sum() {
        let mut g = Graph::default();
        let [x, y, z] = [0, 1, 2].map(|i| g.symbol(Symbol::State(i)));
        let product = g.multiply(x, y);
        let sum = g.add(z, product);
        let difference = g.subtract(product, z);
        let plan = |g: &Graph, results: &[NodeId]| {
            let plan = Statements::new(g, [x, y, z], results);
            results.iter().filter_map(|id| plan.sum(*id)).collect::<Vec<_>>()
        };
        assert_eq!(plan(&g, &[sum]), [Sum::ProductPlus(x, y, z)]);
        assert_eq!(plan(&g, &[difference]), [Sum::ProductMinus(x, y, z)]);
        let shared = [Sum::Plus(z, product), Sum::Minus(product, z)];
        assert_eq!(plan(&g, &[sum, difference]), shared);
        g.name(product, "current");
        assert_eq!(plan(&g, &[sum]), [Sum::Plus(z, product)]);
    }

    #[test]
    fn what_is_given_is_not_computed() {
        let mut g = Graph::default();
        let [x, y, z] = [0, 1, 2].map(|i| g.symbol(Symbol::State(i)));
        let product = g.multiply(x, y);
        let difference = g.subtract(z, product);
        let plan = Statements::new(&g, [product, z], &[difference]);
        assert_eq!(plan.sum(difference), Some(Sum::Minus(z, product)));
        assert_eq!(plan.ids().collect::<Vec<_>>(), [z, product, difference]);
        assert!(!plan.needs(x));
    }
}
