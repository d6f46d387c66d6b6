"""Whether a document is plainly valid, told in one pass over it.

Validation by the standard rules goes through a document two dozen times. Most documents are plain: one query, fields
with their arguments, variables that are declared as the arguments want them. What is plain here is valid by every
rule; what is not is not wrong, and is handed to the standard rules, which alone refuse.
"""

from typing import Any

from graphql import (
    DocumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    Undefined,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    print_ast,
)


class _NotPlain(Exception):
    """The document has something that is not looked at here."""


def is_plainly_valid(schema: GraphQLSchema, document: DocumentNode) -> bool:
    """Whether the document is valid beyond doubt. ``False`` says nothing."""
    if len(document.definitions) != 1:
        return False
    operation = document.definitions[0]
    if not isinstance(operation, OperationDefinitionNode) or operation.operation is not OperationType.QUERY:
        return False
    if operation.directives or schema.query_type is None:
        return False
    try:
        variables = _declared(operation.variable_definitions or ())
        used: set[str] = set()
        _selection(operation.selection_set, schema.query_type, variables, used)
    except (_NotPlain, GraphQLError):
        return False
    return used == variables.keys()


def _declared(definitions: tuple[VariableDefinitionNode, ...]) -> dict[str, str]:
    """The type of each variable, as it is written. One with a default may stand where its type alone may not."""
    found: dict[str, str] = {}
    for each in definitions:
        name = each.variable.name.value
        if each.directives or each.default_value is not None or name in found:
            raise _NotPlain
        found[name] = print_ast(each.type)
    return found


def _selection(selection: SelectionSetNode, parent: Any, variables: dict[str, str], used: set[str]) -> None:
    answered: set[str] = set()
    for node in selection.selections:
        if not isinstance(node, FieldNode) or node.directives:
            raise _NotPlain
        key = (node.alias or node.name).value
        if key in answered:
            raise _NotPlain
        answered.add(key)
        name = node.name.value
        if name == "__typename":
            if node.arguments or node.selection_set:
                raise _NotPlain
            continue
        field = parent.fields.get(name)
        if field is None:
            raise _NotPlain
        _arguments(node, field, variables, used)
        kind = get_named_type(field.type)
        if node.selection_set is None:
            if not isinstance(kind, GraphQLScalarType | GraphQLEnumType):
                raise _NotPlain
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            _selection(node.selection_set, kind, variables, used)
        else:
            raise _NotPlain


def _arguments(node: FieldNode, field: GraphQLField, variables: dict[str, str], used: set[str]) -> None:
    given: set[str] = set()
    for argument in node.arguments or ():
        name = argument.name.value
        definition = field.args.get(name)
        if definition is None or name in given:
            raise _NotPlain
        given.add(name)
        _value(argument.value, definition.type, variables, used)
    for name, definition in field.args.items():
        if name not in given and isinstance(definition.type, GraphQLNonNull) and definition.default_value is Undefined:
            raise _NotPlain


def _value(value: Any, kind: Any, variables: dict[str, str], used: set[str]) -> None:
    if isinstance(value, VariableNode):
        name = value.name.value
        declared = variables.get(name)
        if declared is None or declared not in (str(kind), f"{kind}!"):
            raise _NotPlain
        used.add(name)
        return
    if isinstance(kind, GraphQLNonNull):
        if isinstance(value, NullValueNode):
            raise _NotPlain
        kind = kind.of_type
    elif isinstance(value, NullValueNode):
        return
    if isinstance(kind, GraphQLList):
        for each in value.values if isinstance(value, ListValueNode) else (value,):
            _value(each, kind.of_type, variables, used)
    elif isinstance(kind, GraphQLEnumType):
        if not isinstance(value, EnumValueNode) or value.value not in kind.values:
            raise _NotPlain
    elif isinstance(kind, GraphQLScalarType) and not isinstance(value, ListValueNode | ObjectValueNode):
        _literal(value, kind)
    else:
        raise _NotPlain


def _literal(value: Any, kind: GraphQLScalarType) -> None:
    try:
        if kind.parse_literal(value, None) is Undefined:
            raise _NotPlain
    except _NotPlain:
        raise
    except Exception as error:  # a scalar may raise anything; the standard rules say what it means
        raise _NotPlain from error
