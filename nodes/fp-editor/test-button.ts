/** Returns the values of the form's fields by property name. */
function formValues(): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  $('[id^="node-config-input-"]').each((_index, element) => {
    const name = element.id.replace('node-config-input-', '');
    values[name] = $(element).is(':checkbox') ? $(element).is(':checked') : $(element).val();
  });
  return values;
}

/**
 * Sets up the "test connection" button of a config node: the runtime connects with the values of the form, and its
 * answer is shown next to the button. An unchanged password is taken from the deployed node.
 */
export function testButton(type: string, id: string): void {
  const answer = $('#fp-test-answer');
  const button = $('#fp-test-button');
  const show = (colour: string, text: string) => {
    answer.css('color', `var(--red-ui-text-color-${colour})`).text(text);
    // The button may be the last thing of the dialog that is in view.
    answer[0]?.scrollIntoView({ block: 'nearest' });
  };
  button.on('click', (event) => {
    event.preventDefault();
    button.prop('disabled', true);
    show('success', '…');
    // The editor only sends its access token to relative addresses.
    $.ajax({
      url: `fp/test/${type}`,
      method: 'POST',
      contentType: 'application/json',
      data: JSON.stringify({ ...formValues(), id }),
    })
      .done((body: { answer: string }) => show('success', body.answer))
      .fail((reply) => show('error', (reply.responseJSON as { error?: string })?.error ?? reply.statusText))
      .always(() => button.prop('disabled', false));
  });
}
