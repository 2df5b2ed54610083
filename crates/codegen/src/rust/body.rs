//! The body of a kernel function: a graph as a sequence of `let`s and a result.
//!
//! A value that is used once stands inside the expression that uses it; one that is used more often, or that the author has named, gets a
//! `let`. Parentheses are written only where precedence needs them.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::locals::{Given, Locals};
use brainmass_spec::graph::{Compare, Graph, NodeId, Op, Unary};
use brainmass_spec::statements::{self, Statements};
use brainmass_spec::table::LookUp;

/// Strengths of binding of an expression, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Sum,
    Product,
    Sign,
    Atom,
}

/// A function's body under construction.
pub struct Body<'a> {
    locals: &'a Locals,
    graph: &'a Graph,
    given: HashMap<NodeId, Ident>,
    plan: Statements<'a>,
    written: HashMap<NodeId, (TokenStream, Binding)>,
    taken: HashSet<String>,
    /// Number of values that have got a number for a name.
    numbered: usize,
    statements: Vec<TokenStream>,
}

impl<'a> Body<'a> {
    /// A body that computes `results` from `given` nodes, which are known by the names beside them.
    pub fn new(locals: &'a Locals, graph: &'a Graph, given: &[Given], results: &[NodeId]) -> Self {
        let known: HashMap<NodeId, Ident> = given.iter().cloned().collect();
        let plan = Statements::new(graph, known.keys().copied(), results);
        let taken = given.iter().map(|(_, name)| name.to_string()).collect();
        let mut body = Self {
            locals,
            graph,
            given: known,
            plan,
            written: HashMap::new(),
            taken,
            numbered: 0,
            statements: Vec::new(),
        };
        for id in body.plan.ids().collect::<Vec<_>>() {
            body.write(id);
        }
        body
    }

    /// Whether a given node is read.
    pub fn reads(&self, id: NodeId) -> bool {
        self.plan.needs(id)
    }

    /// The `let`s.
    pub fn statements(&self) -> TokenStream {
        self.statements.iter().cloned().collect()
    }

    /// A result.
    pub fn result(&self, id: NodeId) -> TokenStream {
        self.written[&id].0.clone()
    }

    fn write(&mut self, id: NodeId) {
        if let Some(name) = self.given.get(&id) {
            self.written.insert(id, (name.to_token_stream(), Binding::Atom));
            return;
        }
        let (tokens, binding) = self.expression(id);
        if self.plan.is_kept(id) {
            let name = self.fresh(id);
            self.statements.push(quote!(let #name = #tokens;));
            self.written.insert(id, (name.to_token_stream(), Binding::Atom));
        } else {
            self.written.insert(id, (tokens, binding));
        }
    }

    fn fresh(&mut self, id: NodeId) -> Ident {
        let told = self.graph.name_of(id).map(|name| self.locals.author(name).to_string());
        let mut number = 1;
        let name = loop {
            let name = match &told {
                Some(told) if number == 1 => told.clone(),
                Some(told) => format!("{told}_{number}"),
                None => {
                    self.numbered += 1;
                    format!("t{}", self.numbered)
                }
            };
            number += 1;
            if self.taken.insert(name.clone()) {
                break name;
            }
        };
        match name.strip_prefix("r#") {
            Some(raw) => Ident::new_raw(raw, proc_macro2::Span::call_site()),
            None => format_ident!("{name}"),
        }
    }

    /// An operand, in parentheses if it binds looser than `at_least`.
    fn operand(&self, id: NodeId, at_least: Binding) -> TokenStream {
        let (tokens, binding) = &self.written[&id];
        if *binding < at_least { quote!((#tokens)) } else { tokens.clone() }
    }

    /// Two arguments.
    fn two(&self, id: NodeId, last: TokenStream) -> TokenStream {
        let first = self.operand(id, Binding::Sum);
        quote!(#first, #last)
    }

    fn expression(&self, id: NodeId) -> (TokenStream, Binding) {
        use Binding::{Atom, Product, Sign, Sum};
        let binary = |a: NodeId, operator: TokenStream, b: NodeId, binding: Binding, right: Binding| {
            let (a, b) = (self.operand(a, binding), self.operand(b, right));
            (quote!(#a #operator #b), binding)
        };
        let method = |a: NodeId, name: &str, rest: TokenStream| {
            let (a, name) = (self.operand(a, Atom), format_ident!("{name}"));
            (quote!(#a.#name(#rest)), Atom)
        };
        let whole = |id: NodeId| self.operand(id, Sum);
        match self.graph.op(id) {
            Op::Constant(bits) => {
                let value = Literal::f64_unsuffixed(f64::from_bits(bits).abs());
                let sign = (f64::from_bits(bits) < 0.0).then(|| quote!(-));
                (quote!(R::splat(#sign #value)), Atom)
            }
            Op::Symbol(symbol) => unreachable!("{symbol:?} is not given to this function"),
            Op::Add(..) | Op::Subtract(..) => match self.plan.sum(id) {
                None => unreachable!("every sum has a plan"),
                Some(statements::Sum::Plus(a, b)) => binary(a, quote!(+), b, Sum, Product),
                Some(statements::Sum::Minus(a, b)) => binary(a, quote!(-), b, Sum, Product),
                Some(statements::Sum::ProductPlus(a, b, c)) => method(a, "mul_add", self.two(b, whole(c))),
                Some(statements::Sum::ProductMinus(a, b, c)) => {
                    let c = self.operand(c, Sign);
                    method(a, "mul_add", self.two(b, quote!(-#c)))
                }
                Some(statements::Sum::MinusProductPlus(a, b, c)) => {
                    let (a, rest) = (self.operand(a, Sign), self.two(b, whole(c)));
                    (quote!((-#a).mul_add(#rest)), Atom)
                }
            },
            Op::Multiply(a, b) => binary(a, quote!(*), b, Product, Sign),
            Op::Divide(a, b) => binary(a, quote!(/), b, Product, Sign),
            Op::Negate(a) => {
                let a = self.operand(a, Sign);
                (quote!(-#a), Sign)
            }
            Op::PowerInteger(a, exponent) => {
                let exponent = Literal::i32_unsuffixed(exponent);
                method(a, "powi", quote!(#exponent))
            }
            Op::Power(a, b) => method(a, "powf", whole(b)),
            Op::Atan2(a, b) => method(a, "atan2", whole(b)),
            Op::Table(LookUp { table, orders }, a, b) => {
                let table = &self.locals.tables[usize::from(table)];
                let at = [Some(a), b].into_iter().flatten();
                let orders = at.clone().zip(orders).map(|(_, order)| Literal::u8_unsuffixed(order));
                let at = at.map(whole);
                let call = match orders.clone().all(|order| order.to_string() == "0") {
                    true => quote!(tables::#table.value([#(#at),*])),
                    false => quote!(tables::#table.derivative([#(#orders),*], [#(#at),*])),
                };
                (call, Atom)
            }
            Op::Unary(Unary::Exprel(order), a) => {
                let order = Literal::u8_unsuffixed(order);
                method(a, "exprel", quote!(#order))
            }
            Op::Unary(function, a) => method(a, method_of(function), quote!()),
            Op::Min(a, b) => method(a, "min", whole(b)),
            Op::Max(a, b) => method(a, "max", whole(b)),
            Op::Compare(Compare::Less, a, b) => method(a, "lt", whole(b)),
            Op::Compare(Compare::LessEqual, a, b) => method(a, "le", whole(b)),
            Op::Compare(Compare::Equal, a, b) => method(a, "eq", whole(b)),
            Op::And(a, b) => {
                let (a, b) = (whole(a), whole(b));
                (quote!(R::and(#a, #b)), Atom)
            }
            Op::Or(a, b) => {
                let (a, b) = (whole(a), whole(b));
                (quote!(R::or(#a, #b)), Atom)
            }
            Op::Not(a) => {
                let a = whole(a);
                (quote!(R::not(#a)), Atom)
            }
            Op::Select(condition, yes, no) => {
                let (condition, yes, no) = (whole(condition), whole(yes), whole(no));
                (quote!(R::select(#condition, #yes, #no)), Atom)
            }
            Op::Held(a) => self.written[&a].clone(),
        }
    }
}

fn method_of(function: Unary) -> &'static str {
    match function {
        Unary::Exp => "exp",
        Unary::Expm1 => "expm1",
        Unary::Ln => "ln",
        Unary::Ln1p => "ln_1p",
        Unary::Sqrt => "sqrt",
        Unary::Sin => "sin",
        Unary::Cos => "cos",
        Unary::Tanh => "tanh",
        Unary::Erf => "erf",
        Unary::Erfc => "erfc",
        Unary::Erfcx => "erfcx",
        Unary::Siegert => "siegert",
        Unary::Asin => "asin",
        Unary::Acos => "acos",
        Unary::Atan => "atan",
        Unary::Cbrt => "cbrt",
        Unary::Log10 => "log10",
        Unary::Sigmoid => "sigmoid",
        Unary::Exprel(_) => "exprel",
        Unary::Abs => "abs",
        Unary::Sign => "signum",
        Unary::Floor => "floor",
    }
}
