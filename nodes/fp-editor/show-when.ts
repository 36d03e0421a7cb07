/**
 * Shows the rows of a form that belong to a select's value: `<div class="form-row" data-when="redis postgres">`
 * is shown while the select holds one of these values.
 */
export function showWhen(select: string): void {
  const update = () => {
    const value = String($(select).val());
    $('[data-when]').each((_index, row) => {
      $(row).toggle(($(row).attr('data-when') ?? '').split(' ').includes(value));
    });
  };
  $(select).on('change', update);
  update();
}
